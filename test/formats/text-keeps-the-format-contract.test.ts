import { text } from '../../plugins/formats/text.ts'
import { formatContract } from '../contract/format.ts'

function* lines(bytes: number): Iterable<Uint8Array> {
  const piece = Buffer.from('2026-11-21 10:00:00 INFO user=zhangsan tel=13800138000 登录成功\n'.repeat(500))
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

formatContract(text, {
  harmless: [
    { body: 'one line', scalars: 1 },
    { body: 'one\r\ntwo\n\nthree\rfour', scalars: 4 },
    { body: '姓名：张三 电话：无\n\ttabbed\n', scalars: 2 },
    { body: '\ufeffhead\n', scalars: 1 },
    { body: '\n\n', scalars: 0 },
    { body: '', scalars: 0 },
  ],
  malformed: ['a\u0000b', 'line\n\u0001'],
  endless: lines,
})
