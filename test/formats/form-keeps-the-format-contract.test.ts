import { form } from '../../plugins/formats/form.ts'
import { formatContract } from '../contract/format.ts'

function* pairs(bytes: number): Iterable<Uint8Array> {
  const piece = Buffer.from('xm=%E5%BC%A0%E4%B8%89&tel=13800138000&'.repeat(500))
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

formatContract(form, {
  harmless: [
    { body: 'xm=%E5%BC%A0&tel=138+0013', scalars: 2 },
    { body: 'a[b][c]=1&rows[0][x]=2&rows[0][y]=3&rows[1][x]=4&l[]=5&d.e=6', scalars: 6 },
    { body: 'flag&empty=&&a=1&', scalars: 1 },
    { body: 'a=1=2&张=三', scalars: 2 },
    { body: '', scalars: 0 },
  ],
  malformed: ['a=%zz', 'a=%E5%BC', '%=1', 'a=\u0000'],
  endless: pairs,
})
