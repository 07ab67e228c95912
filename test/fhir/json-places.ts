/** Reads JSON text into its tokens with their places, apart from anything the gateway does. */

export type Token = {
  /** As written. */
  readonly text: string
  /** Names of the objects' members it stands in; arrays do not count. */
  readonly path: readonly string[]
  readonly kind: 'value' | 'name' | 'punctuation' | 'space'
}

const token = /"(?:[^"\\]|\\.)*"|[-+.\dEe]+|true|false|null|[{}[\],:]|\s+/gy

/** Throws where the text is not made of JSON tokens. */
export function placesOf(text: string): Token[] {
  const tokens: Token[] = []
  /** One for each open container: the name it is at, or null inside an array. */
  const open: { object: boolean; name: string | null }[] = []
  let expectName = false
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match === null) throw new Error(`no JSON token at ${at}`)
    const [written] = match
    const path = open.flatMap(({ name }) => (name === null ? [] : [name]))
    if (/^\s/.test(written)) tokens.push({ text: written, path, kind: 'space' })
    else if (/^[{}[\],:]$/.test(written)) {
      tokens.push({ text: written, path, kind: 'punctuation' })
      if (written === '{' || written === '[') open.push({ object: written === '{', name: null })
      if (written === '}' || written === ']') open.pop()
      expectName = (written === '{' || written === ',') && open.at(-1)?.object === true
    } else if (expectName) {
      open.at(-1)!.name = JSON.parse(written) as string
      tokens.push({ text: written, path, kind: 'name' })
      expectName = false
    } else tokens.push({ text: written, path, kind: 'value' })
  }
  return tokens
}
