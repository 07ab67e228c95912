/** When a list of revoked certificates (RFC 5280, 5.1) says that it is over: what Node does not tell. Pure. */

const [sequence, integer, utcTime, generalizedTime] = [0x30, 0x02, 0x17, 0x18]

type Element = { readonly tag: number; readonly content: Uint8Array; readonly rest: Uint8Array }

/** The earliest end of the lists in PEM, in milliseconds since 1970; null: none of them says when. Throws an Error on what is no list. */
export function endOfCrl(pem: string): number | null {
  const blocks = [...pem.matchAll(/-----BEGIN X509 CRL-----([\s\S]*?)-----END X509 CRL-----/g)]
  if (blocks.length === 0) throw new Error('no list')
  const ends = blocks.map(([, base64]) => endOf(Buffer.from(base64!, 'base64'))).filter(end => end !== null)
  return ends.length === 0 ? null : Math.min(...ends)
}

function endOf(der: Uint8Array): number | null {
  const list = read(read(der, sequence).content, sequence).content
  const version = element(list)
  let next = version.tag === integer ? version.rest : list
  // the algorithm, the issuer, and when it was made
  for (const tag of [sequence, sequence, null]) next = read(next, tag).rest
  if (next.length === 0) return null
  const { tag, content } = element(next)
  return tag === utcTime || tag === generalizedTime ? timeOf(Buffer.from(content).toString('latin1')) : null
}

function read(bytes: Uint8Array, tag: number | null): Element {
  const found = element(bytes)
  if (tag !== null && found.tag !== tag) throw new Error('no list')
  return found
}

function element(bytes: Uint8Array): Element {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) throw new Error('no list')
  const more = first < 0x80 ? 0 : first & 0x7f
  let length = first
  if (more > 0) {
    if (more > 4) throw new Error('no list')
    length = bytes.subarray(2, 2 + more).reduce((sum, byte) => sum * 256 + byte, 0)
  }
  const start = 2 + more
  if (bytes.length < start + length) throw new Error('no list')
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) }
}

/** `YYMMDDHHMMSSZ` until 2049, `YYYYMMDDHHMMSSZ` (RFC 5280, 5.1.2.5). */
function timeOf(text: string): number {
  const full = text.length === 13 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full)
  if (match === null) throw new Error('no list')
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
