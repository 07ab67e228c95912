/** The headers of one part (RFC 2046, 5.1; RFC 7578, 4.2): the few that go on, and what they say. */
import { fault } from '../faults.ts'

export type PartHeaders = {
  /** Lower case, without parameters; null where none is given. */
  readonly mediaType: string | null
  /** Of a part that is itself in parts. */
  readonly boundary: string | null
  /** The name of the form's field. */
  readonly name: string | null
  readonly fileName: string | null
  readonly disposition: string | null
  /** The lines that were read, as they came; null where there is more in them than is read. */
  readonly written: string | null
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const typePattern = new RegExp(`^(${token}/${token})((?:[ \\t]*;.*)?)$`)
const dispositionPattern = /^(form-data|attachment|inline)((?:[ \t]*;.*)?)$/i
const parameterPattern = new RegExp(`[ \\t]*;[ \\t]*(${token})=(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))[ \\t]*`, 'gy')
const maxHeaders = 16
const charsets: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

/** Reads the lines between a boundary and the blank line. Throws on anything that could be read in two ways. */
export function readHeaders(lines: readonly string[]): PartHeaders {
  if (lines.length > maxHeaders) throw fault('malformed')
  const fields = new Map<string, string>()
  const known: string[] = []
  for (const line of lines) {
    const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/.exec(line)
    if (match === null) throw fault('malformed')
    const name = match[1]!.toLowerCase()
    if (fields.has(name)) throw fault('malformed')
    fields.set(name, match[2]!.trim())
    if (name === 'content-type' || name === 'content-disposition') known.push(`${line}\r\n`)
  }
  if (!/^(?:7bit|8bit|binary)?$/i.test(fields.get('content-transfer-encoding') ?? '')) throw fault('malformed')
  if (fields.has('content-range') || fields.has('content-encoding')) throw fault('malformed')
  const type = fields.get('content-type') ?? null
  const disposition = fields.get('content-disposition') ?? null
  const written = [type, disposition].every(isFullyRead) ? known.join('') : null
  return { ...typeOf(type), ...dispositionOf(disposition), written }
}

/** Whether the parameters of a header are those that are read, none of them twice over. */
function isFullyRead(value: string | null): boolean {
  const from = value?.indexOf(';') ?? -1
  const names = from < 0 ? [] : [...parametersOf(value!.slice(from)).keys()]
  const bothNames = names.includes('filename') && names.includes('filename*')
  return !bothNames && names.every(name => ['charset', 'boundary', 'name', 'filename', 'filename*'].includes(name))
}

function typeOf(value: string | null): Pick<PartHeaders, 'mediaType' | 'boundary'> {
  if (value === null) return { mediaType: null, boundary: null }
  const match = typePattern.exec(value)
  if (match === null) throw fault('malformed')
  const parameters = parametersOf(match[2]!)
  const charset = parameters.get('charset')
  if (charset !== undefined && !charsets.has(charset.toLowerCase())) throw fault('not_utf8')
  return { mediaType: match[1]!.toLowerCase(), boundary: parameters.get('boundary') ?? null }
}

function dispositionOf(value: string | null): Pick<PartHeaders, 'name' | 'fileName' | 'disposition'> {
  if (value === null) return { name: null, fileName: null, disposition: null }
  const match = dispositionPattern.exec(value)
  if (match === null) throw fault('malformed')
  const parameters = parametersOf(match[2]!)
  const extended = parameters.get('filename*')
  const fileName = extended === undefined ? parameters.get('filename') : decodeExtended(extended)
  return { name: parameters.get('name') ?? null, fileName: fileName ?? null, disposition: match[1]!.toLowerCase() }
}

function parametersOf(text: string): Map<string, string> {
  const parameters = new Map<string, string>()
  parameterPattern.lastIndex = 0
  let read = 0
  for (let match = parameterPattern.exec(text); match !== null; match = parameterPattern.exec(text)) {
    read = parameterPattern.lastIndex
    const name = match[1]!.toLowerCase()
    if (parameters.has(name)) throw fault('malformed')
    parameters.set(name, percentDecoded(match[2]?.replace(/\\(["\\])/g, '$1') ?? match[3]!))
  }
  if (text.slice(read).trim() !== '') throw fault('malformed')
  return parameters
}

/** Browsers write quotes and line breaks in names so (WHATWG HTML, multipart/form-data). */
function percentDecoded(text: string): string {
  return text.replace(/%(0A|0D|22)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** RFC 8187: `UTF-8''%e5%bc%a0`. */
function decodeExtended(value: string): string {
  const match = /^utf-8'[a-z-]*'(.*)$/i.exec(value)
  try {
    if (match !== null) return decodeURIComponent(match[1]!)
  } catch {
    // cut short, or not UTF-8
  }
  throw fault('malformed')
}

/** The lines of a part that leaves: as they came, or with these values and nothing else. */
export function writeHeaders({ mediaType, boundary, name, fileName, disposition, written }: PartHeaders): string {
  if (written !== null) return written
  const lines: string[] = []
  if (disposition !== null) {
    const parameter = (key: string, value: string | null) => (value === null ? '' : `; ${key}="${quoted(value)}"`)
    lines.push(`Content-Disposition: ${disposition}${parameter('name', name)}${parameter('filename', fileName)}\r\n`)
  }
  if (mediaType !== null) {
    lines.push(`Content-Type: ${mediaType}${boundary === null ? '' : `; boundary="${boundary}"`}\r\n`)
  }
  return lines.join('')
}

function quoted(text: string): string {
  return text.replace(/[\r\n"]/g, found => `%${found.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
}
