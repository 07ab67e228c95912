/** Texts of workbooks before Excel 97: bytes in the code page that the workbook names (MS-XLS, 2.4.52). */
import { isUtf8 } from 'node:buffer'
import { fault } from '../faults.ts'

/** By their numbers, as the WHATWG Encoding Standard names them. */
const charsets: ReadonlyMap<number, string> = new Map([
  [874, 'windows-874'],
  [932, 'shift_jis'],
  [936, 'gb18030'],
  [949, 'euc-kr'],
  [950, 'big5'],
  ...[1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258].map((page): [number, string] => [page, `windows-${page}`]),
  [65001, 'utf-8'],
])
/** What libraries name whatever they write. */
const western: ReadonlySet<number> = new Set([437, 850, 1252, 0x8001])

export type Decode = (bytes: Buffer) => string

/** How texts of a code page are read; null: none is named. Throws `unknown` for one that is none of these. */
export function decoderOf(page: number | null): Decode {
  if (page !== null && western.has(page)) return bytes => decodeAs(charsetOfWestern(bytes), bytes)
  if (page === null) return bytes => decodeAs(isUtf8(bytes) ? 'utf-8' : 'gb18030', bytes)
  const charset = charsets.get(page)
  if (charset === undefined) throw fault('unknown')
  return bytes => decodeAs(charset, bytes)
}

function decodeAs(charset: string, bytes: Buffer): string {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw fault('not_utf8')
  }
}

/** Libraries of PHP name the western page and write the bytes they are given: what is UTF-8 or GB 2312 throughout is that. */
function charsetOfWestern(bytes: Buffer): string {
  if (isUtf8(bytes)) return 'utf-8'
  return isChinese(bytes) ? 'gb18030' : 'windows-1252'
}

/** Whether all bytes over 127 stand in pairs of GB 2312. */
function isChinese(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue
    const [lead, trail] = [bytes[at]!, bytes[++at] ?? 0]
    if (lead < 0xa1 || lead > 0xf7 || trail < 0xa1 || trail === 0xff) return false
  }
  return true
}
