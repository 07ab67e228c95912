import { stripTypeScriptTypes } from 'node:module'
import { analyse } from 'scslre'
import { scriptTokens } from '../../plugins/formats/html/script-tokens.ts'
import type { Source } from './imports.ts'

/**
 * Regular expressions of a source that may take longer than in proportion to what they read, as `file:line expression`
 * (super-linear moves, trades and loops as scslre finds them).
 */
export function slowExpressions({ file, text }: Source): string[] {
  const code = stripTypeScriptTypes(text.replace(/^#!/, '//'))
  return scriptTokens(code)
    .filter(({ kind }) => kind === 'regex')
    .map(({ from, to }) => ({ line: code.slice(0, from).split('\n').length, written: code.slice(from, to) }))
    .filter(({ written }) => isSlow(written))
    .map(({ line, written }) => `${file}:${line} ${written}`)
}

function isSlow(written: string): boolean {
  const end = written.lastIndexOf('/')
  return analyse({ source: written.slice(1, end), flags: written.slice(end + 1) }).reports.length > 0
}
