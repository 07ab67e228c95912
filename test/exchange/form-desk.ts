import { buffer } from 'node:stream/consumers'
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

export type Field = readonly [name: string, value: string]

/** A system that shows a page in GBK, and keeps what is posted to it, byte for byte. */
export async function startFormSystem(page: () => string): Promise<Upstream & { readonly posted: Buffer[] }> {
  const posted: Buffer[] = []
  const upstream = await startUpstream(async (request, response) => {
    if (request.method === 'POST') posted.push(await buffer(request))
    response.setHeader('content-type', `${page().startsWith('<') ? 'text/html' : 'text/plain'}; charset=gb2312`)
    response.end(request.method === 'POST' ? '<p>saved' : inGbk(page()))
  })
  return { ...upstream, posted }
}

function inGbk(text: string): Buffer {
  return Buffer.from(new CharsetCodec('gbk', 'text').write(Buffer.from(text)))
}

/** What a browser sends of the form of a page that nobody has touched. */
export function fieldsOf(page: string): Field[] {
  const fields: Field[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if (defaultTreeAdapter.isElementNode(node)) fields.push(...fieldsOfControl(node))
    if ('childNodes' in node && !('tagName' in node && node.tagName === 'select')) node.childNodes.forEach(visit)
  }
  visit(parse(page))
  return fields
}

function fieldsOfControl(control: DefaultTreeAdapterTypes.Element): Field[] {
  const { name, type = 'text', value, ...rest } = attributesOf(control)
  if (name === undefined || type === 'submit') return []
  if (control.tagName === 'select') return chosenIn(control).map(chosen => [name, chosen])
  if (control.tagName === 'textarea') return [[name, textIn(control).replaceAll('\n', '\r\n')]]
  if (control.tagName !== 'input') return []
  const isChoice = type === 'radio' || type === 'checkbox'
  if (isChoice && rest['checked'] === undefined) return []
  return [[name, value ?? (isChoice ? 'on' : '')]]
}

function chosenIn(select: DefaultTreeAdapterTypes.Element): string[] {
  const options = select.childNodes.filter(node => 'tagName' in node)
  const chosen = options.filter(option => attributesOf(option)['selected'] !== undefined)
  const isOne = attributesOf(select)['multiple'] === undefined
  const own = isOne ? (chosen.length > 0 ? chosen.slice(-1) : options.slice(0, 1)) : chosen
  return own.map(option => attributesOf(option)['value'] ?? textIn(option).trim())
}

function attributesOf({ attrs }: DefaultTreeAdapterTypes.Element): Record<string, string> {
  return Object.fromEntries(attrs.map(({ name, value }) => [name, value]))
}

function textIn({ childNodes }: DefaultTreeAdapterTypes.Element): string {
  return childNodes.map(node => ('value' in node ? node.value : '')).join('')
}

/** The same fields with some typed anew. */
export function typed(fields: readonly Field[], anew: Readonly<Record<string, string>>): Field[] {
  return fields.map(([name, value]) => [name, anew[name] ?? value])
}

/** As a browser sends a form of a page in GBK. */
export function gbkForm(fields: readonly Field[]): { headers: Record<string, string>; body: string } {
  const escaped = (text: string) =>
    inGbk(text)
      .toString('latin1')
      .replace(/[^*\-._0-9A-Za-z]/g, one => `%${one.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
  const body = fields.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }
}

/** The same with a file. */
export function gbkParts(fields: readonly Field[], file: string): { headers: Record<string, string>; body: Buffer } {
  const parts = fields.map(
    ([name, value]) => `--b7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const last = `--b7\r\nContent-Disposition: form-data; name="fu"; filename="${file}"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b7--\r\n`
  return { headers: { 'content-type': 'multipart/form-data; boundary=b7' }, body: inGbk(parts.join('') + last) }
}
