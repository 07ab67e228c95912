import { csv } from '../../plugins/formats/csv.ts'
import { formatContract } from '../contract/format.ts'

function* rows(bytes: number): Iterable<Uint8Array> {
  yield Buffer.from('xm,tel,note\r\n')
  const piece = Buffer.from('张三丰,13800138000,"a ""quoted"", note"\r\n'.repeat(500))
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

formatContract(csv, {
  harmless: [
    { body: 'xm,tel\r\n张三,13800138000\r\n李四,\r\n', scalars: 3 },
    { body: '\ufeffxm;tel;city\n"张;三";"1""2";Ulm\n', scalars: 3 },
    { body: 'sep=|\r\na|b\r\n1|2\r\n', scalars: 2 },
    { body: 'a\tb\r1\t2\r\r3\t4', scalars: 4 },
    { body: 'id,size\n1,5" wide\n2,"tall" and wide\n', scalars: 4 },
    { body: 'id,text\n1,"two\r\nlines"\n2,="007"\n3,\'008\n4, padded \n', scalars: 8 },
    { body: 'a,b,c\n1\n1,2,3,4,\n,,\n', scalars: 5 },
    { body: 'Students of 2026\r\n\r\nname,grade\r\nAda,A\r\n', scalars: 3 },
    { body: '', scalars: 0 },
  ],
  malformed: ['a,b\n1,"2', 'a,b\n1,\u00002\n', 'a,b\n"1,2\n'],
  endless: rows,
})
