/** Bytes written by percent signs (RFC 3986, section 2.1). What charset they are in is for others to know. */

/** The bytes of a text of which each character is one (latin1), with its escapes undone. A percent sign that begins none stands for itself. */
export function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  let to = bytes.indexOf(percent)
  if (to < 0) return bytes
  for (let from = to; from < bytes.length; from++) {
    const value = bytes[from] === percent ? (digit(bytes[from + 1]) << 4) | digit(bytes[from + 2]) : -1
    bytes[to++] = value < 0 ? bytes[from]! : value
    if (value >= 0) from += 2
  }
  return bytes.subarray(0, to)
}

const percent = 0x25

/** Of a hexadecimal digit; negative: it is none. */
function digit(byte = 0): number {
  const value = byte >= 0x41 ? (byte | 0x20) - 0x57 : byte - 0x30
  return value > 15 || (byte >= 0x41 ? value < 10 : value > 9) ? -1 : value
}

/** The other way round; `escaped` finds, with the flags g and s, each byte to be escaped. */
export function percentEncoded(bytes: Uint8Array, escaped: RegExp): string {
  const hex = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return Buffer.from(bytes).toString('latin1').replace(escaped, hex)
}

/** A text escaped in UTF-8, all of it but letters, digits and `-._~`: `encodeURIComponent` leaves `!'()*` alone. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}
