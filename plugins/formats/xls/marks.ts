/** How workbooks before XLSX begin. */

/** A compound file (MS-CFB), as all old office files. */
const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')
/** Cells alone: BOF of a sheet, of no version. */
const bare = Buffer.from('0908080000001000', 'hex')

export function beginsCompound(head: Uint8Array): boolean {
  return compound.equals(head.subarray(0, compound.length))
}

export function beginsBare(head: Uint8Array): boolean {
  return bare.equals(head.subarray(0, bare.length))
}

/** Blanks ahead of a body may have been taken off, and a tab is the first byte of cells alone. */
export function looksLikeXls(head: Uint8Array): boolean {
  const rest = bare.subarray(1)
  return beginsXls(head) || rest.equals(head.subarray(0, rest.length))
}

export function beginsXls(bytes: Uint8Array): boolean {
  return beginsCompound(bytes) || beginsBare(bytes)
}
