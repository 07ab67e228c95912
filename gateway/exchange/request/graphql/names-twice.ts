/** Whether a text of JSON has a name twice in one object: readers differ in which of the two counts. */

import type { Pausing } from '../../turns.ts'

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gs

export function* namesTwice(text: string): Pausing<boolean> {
  const open: (Set<string> | null)[] = []
  let last: string | null = null
  for (const [token] of text.matchAll(tokens)) {
    yield
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':' && last !== null) {
      const names = open.at(-1)
      if (names?.has(last) === true) return true
      names?.add(last)
    }
    last = token.startsWith('"') ? unescaped(token) : null
  }
  return false
}

function unescaped(token: string): string {
  try {
    return JSON.parse(token) as string
  } catch {
    return token
  }
}
