/** What the programs of ASP.NET are told by a link: which control was clicked, and what a grid is to do. Neither is a value. */
import type { ScriptToken } from './script-tokens.ts'

const calls: ReadonlySet<string> = new Set(['__doPostBack', 'WebForm_PostBackOptions', 'WebForm_DoCallback'])
const control = /^[A-Za-z_][\w$:-]{0,255}$/
const command = /^(?:Page|Select|Edit|Delete|Update|Cancel|New|Insert)\$(?:\d{1,6}|First|Last|Next|Prev)$/

/** Whether a string is the name of a control, or a command by a number, as the argument of such a call. */
export function isPostback(tokens: readonly ScriptToken[], at: number): boolean {
  const { kind, text } = tokens[at]!
  if (kind !== 'string' || ![',', ')'].includes(tokens[at + 1]?.text ?? '')) return false
  if (isCall(tokens, at - 2)) return control.test(text)
  return (
    tokens[at - 1]?.text === ',' && tokens[at - 2]?.kind === 'string' && isCall(tokens, at - 4) && command.test(text)
  )
}

function isCall(tokens: readonly ScriptToken[], at: number): boolean {
  const [name, open] = [tokens[at], tokens[at + 1]]
  return name?.kind === 'name' && calls.has(name.text) && open?.kind === 'mark' && open.text === '('
}
