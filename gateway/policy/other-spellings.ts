/**
 * A path that a server takes for another: IIS and Windows do not tell capitals from small letters nor a name from the same with a
 * dot, a blank or `::$DATA` behind it, Java and PHP not a path from the same with a slash behind it, Spring and Struts answer at
 * `/students.json` what is at `/students`, and PHP, ASP.NET and CGI run a program whatever stands behind its name. Whoever asks in
 * such a spelling must not come to a route that says less than the one meant.
 */

/** Segments of a path in its one spelling, for whoever tells none of these apart. Of a template, its literals. */
export function plainSegments(segments: readonly string[]): string[] {
  const plain = segments.map(plainly)
  if (isWhole.test(plain.at(-1)!)) plain.pop()
  return plain.length === 0 ? [''] : plain
}

/** What a path could be taken for, nearest first. `parts`: it is the beginning of it alone. */
export type Reading = { readonly segments: readonly string[]; readonly parts?: true }

export function readingsOf(segments: readonly string[]): Reading[] {
  const plain = plainSegments(segments)
  const readings: Reading[] = [{ segments: plain }]
  const last = plain.at(-1) ?? ''
  const dot = last.lastIndexOf('.')
  if (dot > 0) readings.push({ segments: [...plain.slice(0, -1), last.slice(0, dot)] })
  const program = plain.findIndex((segment, at) => at < plain.length - 1 && isProgram.test(segment))
  if (program >= 0) readings.push({ segments: plain.slice(0, program + 1), parts: true })
  return readings
}

/** Whether a path has no other spelling than itself, as nearly all have. */
export function isPlain(path: string): boolean {
  return !/[^a-z0-9/_-]|\/$/.test(path)
}

/** What a folder answers with, and nothing behind its slash. */
const isWhole = /^(?:(?:index|default|home|welcome)\.[a-z0-9]{1,8})?$/

const isProgram = /\.(?:php\d?|phtml|as[hmp]x|aspx?|svc|jspx?|jsf|faces|do|action|cgi|pl|py|dll|exe|cfm|nsf)$/

function plainly(segment: string): string {
  const folded = /[^\x00-\x7f]/.test(segment) ? segment.normalize('NFKC') : segment
  return withoutEnd(folded.toLowerCase())
}

/** Dots and blanks at the end, and the name of a file's own data. */
function withoutEnd(name: string): string {
  const whole = name.endsWith('::$data') ? name.slice(0, -7) : name
  let to = whole.length
  while (to > 0 && (whole[to - 1] === '.' || whole[to - 1] === ' ')) to--
  return whole.slice(0, to)
}
