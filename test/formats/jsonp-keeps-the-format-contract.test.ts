import { jsonp } from '../../plugins/formats/jsonp.ts'
import { formatContract } from '../contract/format.ts'

function* call(bytes: number): Iterable<Uint8Array> {
  const row = Buffer.from('{"xm":"张三","tel":"(0571) 8800;"},'.repeat(500))
  yield Buffer.from('cb([')
  for (let sent = 0; sent < bytes; sent += row.length) yield row
  yield Buffer.from('1]);')
}

formatContract(jsonp, {
  harmless: [
    { body: 'cb({"a":1,"b":["x",null]});', scalars: 3 },
    { body: '/**/ jQuery_1.App.cb ([1,2] )\r\n;\n', scalars: 2 },
    { body: '\ufeffcb("); alert(1)")', scalars: 1 },
    { body: 'cb({"a":")));;; ))"})', scalars: 1 },
  ],
  malformed: [
    'cb({"a":1}',
    'cb({"a":1})x',
    'cb({"a":1});alert(1)',
    'cb({"a":1},{"b":2})',
    'cb({a:1})',
    'cb()',
    'cb',
    'cb.({})',
    '/* a */cb({})',
    `${'c'.repeat(400)}({})`,
    `cb({})${' '.repeat(400)}`,
  ],
  endless: call,
})
