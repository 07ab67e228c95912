/** What people write first: parse, walk, mask by name, write again. It finds nothing in unlisted fields and checks nothing. */
const keep: ReadonlyMap<string, number> = new Map([
  ['name', 1],
  ['idCard', 3],
  ['mobile', 3],
  ['email', 1],
  ['address', 6],
  ['bankCard', 6],
])

export function maskNaively(body: Buffer): Buffer {
  const value: unknown = JSON.parse(body.toString())
  walk(value)
  return Buffer.from(JSON.stringify(value))
}

function walk(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const element of value) walk(element)
    return
  }
  const members = value as Record<string, unknown>
  for (const key of Object.keys(members)) {
    const member = members[key]
    const head = typeof member === 'string' ? keep.get(key) : undefined
    if (head !== undefined) members[key] = keepHead(member as string, head, key === 'email')
    else walk(member)
  }
}

function keepHead(text: string, head: number, isEmail: boolean): string {
  const end = isEmail ? text.lastIndexOf('@') : text.length
  if (end <= head) return '*'.repeat(text.length)
  return text.slice(0, head) + '*'.repeat(end - head) + text.slice(end)
}
