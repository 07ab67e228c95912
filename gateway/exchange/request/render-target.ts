/** A target as it is sent on, and what it is escaped in then. */
import { encodeStrictly } from '../percent.ts'
import { type Parameter, segmentsOf, type Target } from './target.ts'
import { encodeChinese, encodeUnits, isChinese, pathInChinese, type QueryCharset } from './target-charset.ts'

/** The target as it is forwarded: what `parseTarget` read, written in exactly one way. */
export function renderTarget(
  path: string,
  parameters: readonly Parameter[],
  session = '',
  charset: QueryCharset = 'utf-8',
  pathCharset: QueryCharset = 'utf-8',
): string {
  const written = (pathCharset === 'gb18030' ? pathInChinese(path) : path) + session
  if (parameters.length === 0) return written
  const write = writers[charset]
  const pairs = parameters.map(({ name, value }) => (value === null ? write(name) : `${write(name)}=${write(value)}`))
  return `${written}?${pairs.join('&')}`
}

const writers = { 'utf-8': encodeStrictly, gb18030: encodeChinese, escape: encodeUnits } satisfies Record<
  QueryCharset,
  unknown
>

/** What a query is sent on in: what it came in; where it is of ASCII, and tokens may be restored in it, what the system reads. */
export function writtenIn({ parameters, charset }: Target, system: { readonly charset: string | null }): QueryCharset {
  if (charset !== undefined || !isChinese(system.charset)) return charset ?? 'utf-8'
  return parameters.every(({ name, value }) => isPlain(name) && isPlain(value ?? '')) ? 'gb18030' : 'utf-8'
}

/** The same of the path. */
export function pathWrittenIn(
  { path, pathCharset }: Target,
  system: { readonly charset: string | null },
): QueryCharset {
  if (pathCharset !== undefined || !isChinese(system.charset)) return pathCharset ?? 'utf-8'
  return segmentsOf(path).every(isPlain) ? 'gb18030' : 'utf-8'
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
