/**
 * The parts of a form with files (RFC 7578). A system that reads them in another way than this could be asked what nobody
 * saw, so anything that leaves a choice is malformed.
 */
import { Refusal } from '../../errors.ts'

export type FormCharset = 'utf-8' | 'gb18030'

/** Where a part's value stands, its headers, and all of it with the boundary ahead. */
type Stretch = {
  readonly from: number
  readonly to: number
  readonly head: readonly [number, number]
  readonly all: readonly [number, number]
}
/** `name`: null, it is a file. */
export type Part = Stretch & { readonly name: string | null }

/** `end`: where the last boundary stands. */
export type PartsOfForm = { readonly charset: FormCharset; readonly parts: readonly Part[]; readonly end: number }

const ofFile = /;[ \t]*filename\*?=/i
const maxParts = 10_000
const maxHeaderBytes = 16_384
const header = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/
const disposition = /^form-data((?:[ \t]*;[ \t]*[a-z*]+=(?:"[^"\\]*"|[^\s";]+))+)$/i

/** Finds them in a whole body. Throws REQUEST_MALFORMED where it could be read in two ways, REQUEST_UNREADABLE for charsets. */
export function partsIn(body: Buffer, boundary: string): PartsOfForm {
  const { stretches, end } = stretchesIn(body, boundary)
  const charset = charsetOf(body, stretches)
  const decoder = new TextDecoder(charset, { ignoreBOM: true })
  const parts = stretches.map(one => ({ ...one, name: fieldNamed(decoder.decode(body.subarray(...one.head))) }))
  return { charset, parts, end }
}

/** Names and values of fields are in the charset of their page, which nothing says: in UTF-8 as a whole, or in GB 18030. */
function charsetOf(body: Buffer, stretches: readonly Stretch[]): FormCharset {
  const [ofFiles, values]: Buffer[][] = [[], []]
  for (const { from, to, head } of stretches) {
    const said = body.subarray(...head)
    if (ofFile.test(said.toString('latin1'))) ofFiles!.push(said)
    else values!.push(said, body.subarray(from, to))
  }
  const found = charsetAll([...values!, ...ofFiles!]) ?? charsetAll(values!)
  if (found === null) throw new Refusal('REQUEST_UNREADABLE')
  return found
}

function charsetAll(texts: readonly Uint8Array[]): FormCharset | null {
  return (['utf-8', 'gb18030'] as const).find(charset => texts.every(text => isIn(charset, text))) ?? null
}

function isIn(charset: FormCharset, text: Uint8Array): boolean {
  try {
    new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(text)
    return true
  } catch {
    return false
  }
}

function stretchesIn(body: Buffer, boundary: string): { readonly stretches: readonly Stretch[]; readonly end: number } {
  const stretches: Stretch[] = []
  const delimiter = `--${boundary}`
  // readers differ in what they take for a line's end, and in blanks behind a boundary
  let at = delimiter.length
  if (!body.subarray(0, at).equals(Buffer.from(delimiter))) throw new Refusal('REQUEST_MALFORMED')
  for (let parts = 0; body.toString('latin1', at, at + 2) === '\r\n'; parts++) {
    if (parts === maxParts) throw new Refusal('REQUEST_TOO_LARGE')
    const from = at + 2
    const blank = body.indexOf('\r\n\r\n', from, 'latin1')
    const next = body.indexOf(delimiter, from, 'latin1')
    if (blank < 0 || next < blank + 4 || blank - from > maxHeaderBytes) throw new Refusal('REQUEST_MALFORMED')
    if (body.toString('latin1', next - 2, next) !== '\r\n') throw new Refusal('REQUEST_MALFORMED')
    // an empty value: the line's end ahead of the boundary is that of the blank line
    const to = Math.max(blank + 4, next - 2)
    stretches.push({ head: [from, blank], from: blank + 4, to, all: [at - delimiter.length, next] })
    at = next + delimiter.length
  }
  if (!/^--(?:\r\n)?$/.test(body.toString('latin1', at, at + 5))) throw new Refusal('REQUEST_MALFORMED')
  return { stretches, end: at - delimiter.length }
}

/** The name of a part that is a field; null: it is a file. */
function fieldNamed(headers: string): string | null {
  const values = new Map<string, string>()
  for (const line of headers.split('\r\n')) {
    const [, name, value] = header.exec(line) ?? []
    if (name === undefined || values.has(name.toLowerCase())) throw new Refusal('REQUEST_MALFORMED')
    values.set(name.toLowerCase(), value!.trim())
  }
  if (!/^(?:7bit|8bit|binary)?$/i.test(values.get('content-transfer-encoding') ?? ''))
    throw new Refusal('REQUEST_UNREADABLE')
  const parameters = parametersOf(values.get('content-disposition') ?? '')
  const name = parameters.get('name')
  if (name === undefined || parameters.has('name*')) throw new Refusal('REQUEST_MALFORMED')
  if (parameters.has('filename') || parameters.has('filename*')) return null
  const type = values.get('content-type')
  if (type !== undefined && !/^text\/plain(?:[ \t]*;[ \t]*charset="?(?:utf-?8|us-ascii)"?)?$/i.test(type))
    throw new Refusal('REQUEST_UNREADABLE')
  return name
}

function parametersOf(value: string): Map<string, string> {
  const written = disposition.exec(value)?.[1]
  if (written === undefined) throw new Refusal('REQUEST_MALFORMED')
  const parameters = new Map<string, string>()
  for (const [, name, quoted, plain] of written.matchAll(/[ \t]*;[ \t]*([a-z*]+)=(?:"([^"]*)"|([^\s";]+))/giy)) {
    if (parameters.has(name!.toLowerCase())) throw new Refusal('REQUEST_MALFORMED')
    parameters.set(name!.toLowerCase(), unescaped(quoted ?? plain!))
  }
  return parameters
}

/** Browsers write quotes and line ends in names as percent signs (WHATWG HTML, multipart/form-data). */
function unescaped(name: string): string {
  return name.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n')
}
