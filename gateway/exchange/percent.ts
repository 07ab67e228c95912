/** Bytes written by percent signs (RFC 3986, section 2.1). What charset they are in is for others to know. */

/** The bytes of a text of which each character is one (latin1), with its escapes undone. A percent sign that begins none stands for itself. */
export function percentDecoded(text: string): Buffer {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
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
