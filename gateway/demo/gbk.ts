/** GBK as old systems write it: Node reads it and does not write it, so the table of its decoder is turned around. */

let table: ReadonlyMap<string, number> | null = null

/** A text in GBK; what it lacks becomes a question mark. */
export function gbk(text: string): Buffer {
  table ??= codes()
  const bytes: number[] = []
  for (const character of text) {
    const code = character <= '\x7f' ? character.charCodeAt(0) : (table.get(character) ?? 0x3f)
    if (code > 0xff) bytes.push(code >> 8)
    bytes.push(code & 0xff)
  }
  return Buffer.from(bytes)
}

function codes(): ReadonlyMap<string, number> {
  const decoder = new TextDecoder('gbk')
  const found = new Map<string, number>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail))
      if (character.length === 1 && character !== '\ufffd' && !found.has(character))
        found.set(character, lead * 256 + trail)
    }
  }
  return found
}
