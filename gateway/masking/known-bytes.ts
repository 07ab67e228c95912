/**
 * Bytes that are known by how they begin, where they are no text: compressed ones, documents that cannot be read, and objects that
 * programs wrote down as they had them. Pure. ../../plugins/formats/json/wasm tells the first two bytes too, but those of
 * `%PDF`, which begins as a text does.
 */

/** Of documents and archives. Pictures, which pages are full of, are none. */
const documents: readonly Buffer[] = [
  'PK\x03\x04',
  'PK\x05\x06',
  '%PDF-',
  '\xd0\xcf\x11\xe0\xa1\xb1',
  'Rar!\x1a\x07',
  '7z\xbc\xaf\x27\x1c',
  '\xfd7zXZ\0',
  '\x28\xb5\x2f\xfd',
].map(one => Buffer.from(one, 'latin1'))

/** Java's object streams (section 6.4.2 of its specification), .NET's binary format (MS-NRBF 2.6.1). */
const objects: readonly Buffer[] = ['\xac\xed\0\x05', '\0\x01\0\0\0\xff\xff\xff\xff'].map(one =>
  Buffer.from(one, 'latin1'),
)

/** gzip (RFC 1952, 2.3.1) and zlib (RFC 1950, 2.2) with a window of 32 KiB, as all write it. */
const compressed: ReadonlySet<number> = new Set([0x1f8b, 0x7801, 0x785e, 0x789c, 0x78da])
/** What ASP.NET hides in pages, as its LosFormatter writes it: this, and the kind of the object, of which the first thirty are in use. */
const pageState = 0xff01

/** How all that is known here begins: two bytes, the first of them the higher. */
const beginnings: ReadonlySet<number> = new Set([
  ...[...documents, ...objects].map(known => known.readUInt16BE(0)),
  ...compressed,
  pageState,
])
/** By the first byte alone, which rules out most hashes. */
const firsts = new Uint8Array(256)
for (const two of beginnings) firsts[two >> 8] = 1

/** Whether bytes may be of a known kind by their first two. */
export function beginsKnown(first: number, second: number): boolean {
  return firsts[first] === 1 && beginnings.has((first << 8) | second)
}

/** Whether compressed data can begin with these. */
export function beginsCompressed(first: number, second: number): boolean {
  return compressed.has((first << 8) | second)
}

/** Whether bytes are a document or an archive, in which nobody can tell what stands. */
export function isDocument(bytes: Buffer): boolean {
  return firsts[bytes[0]!] === 1 && documents.some(one => beginsWith(bytes, one))
}

/** The texts that stand in an object that was written down, one a line; null: bytes are none. What parts them is no text. */
export function textsOfObject(bytes: Buffer): string | null {
  if (firsts[bytes[0]!] !== 1) return null
  if (!isPageState(bytes) && !objects.some(one => beginsWith(bytes, one))) return null
  return bytes.toString('utf8').replace(/[\x00-\x1f\x7f\ufffd]+/g, '\n')
}

function isPageState(bytes: Buffer): boolean {
  return bytes.length > 2 && bytes.readUInt16BE(0) === pageState && bytes[2]! < 0x1f
}

function beginsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.length >= beginning.length && beginning.equals(bytes.subarray(0, beginning.length))
}
