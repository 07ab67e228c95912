/** Documents of every format with the sentinels in fields that the shipped catalogue names, spelt in many ways. */
import { person, sentinel } from '../../support/sentinels.ts'
import type { Random } from './random.ts'

export type Document = { readonly type: string; readonly bytes: Buffer }

const fields = Object.entries(person)
const harmless = ['x', 'campus', 'floor', 'v1', 'label', 'items', 'data', '楼层']

/** What has to stay hidden wherever it stands: a detector knows it by itself. */
const anywhere = [sentinel.id, sentinel.mobile, sentinel.card, sentinel.email]

export const makers: readonly ((random: Random) => Document)[] = [
  random => ({ type: 'application/json', bytes: Buffer.from(json(random, 0)) }),
  random => ({ type: 'application/x-ndjson', bytes: Buffer.from(lines(random, () => json(random, 1), '\n')) }),
  random => ({ type: random.of(['application/xml', 'text/xml']), bytes: Buffer.from(xml(random)) }),
  random => ({ type: random.of(['text/csv', 'text/tab-separated-values']), bytes: Buffer.from(csv(random)) }),
  random => ({ type: 'application/x-www-form-urlencoded', bytes: Buffer.from(form(random)) }),
  random => ({
    type: 'text/plain',
    bytes: Buffer.from(lines(random, () => `${random.of(['电话', 'tel', '身份证号'])}：${random.of(anywhere)}`, '\n')),
  }),
  random => ({
    type: 'text/event-stream',
    bytes: Buffer.from(lines(random, () => `data: ${json(random, 1).replaceAll('\n', ' ')}\n`, '\n')),
  }),
  random => ({ type: 'text/html', bytes: Buffer.from(html(random)) }),
  random => ({ type: 'multipart/mixed; boundary=b', bytes: Buffer.from(multipart(random)) }),
]

function lines(random: Random, make: () => string, end: string): string {
  return Array.from({ length: 1 + random.below(4) }, () => make() + end).join('')
}

function json(random: Random, depth: number): string {
  const blank = () => random.of(['', '', ' ', '\n', '\t'])
  if (depth > 3 || random.once(6)) return string(random, random.of(anywhere))
  if (random.once(3)) {
    const elements = Array.from({ length: random.below(4) }, () => blank() + json(random, depth + 1))
    return `[${elements.join(',')}${blank()}]`
  }
  const members = Array.from({ length: random.below(6) }, () => {
    if (random.once(4)) return `${string(random, random.of(harmless))}${blank()}:${json(random, depth + 1)}`
    const [name, value] = random.of(fields)
    const spelt = spelling(random, name)
    const text = random.once(6) ? JSON.stringify(JSON.stringify({ [name]: value })) : string(random, value)
    const shown = /^\d{11,17}$/.test(value) && random.once(4) ? value : text
    return `${string(random, spelt)}${blank()}:${blank()}${random.once(8) ? `[${shown}]` : shown}`
  })
  return `{${members.join(',')}}`
}

/** A JSON string of which some characters are escaped. */
function string(random: Random, text: string): string {
  const often = random.of([2, 8, 1000])
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^\\"\p{Cc}]/gu, letter => (letter.length === 1 && random.once(often) ? unicode(letter) : letter))
  return `"${inner}"`
}

function unicode(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function spelling(random: Random, name: string): string {
  const separated = random.once(3) ? name.replace(/(?<=[a-z])(?=[A-Z])/g, random.of(['_', '-'])) : name
  return random.of([separated, separated.toUpperCase(), separated.toLowerCase(), name])
}

function entities(random: Random, text: string): string {
  return [...text]
    .map(letter =>
      random.once(6)
        ? `&#${random.once(2) ? `x${letter.codePointAt(0)!.toString(16)}` : letter.codePointAt(0)};`
        : letter,
    )
    .join('')
}

function xml(random: Random): string {
  const rows = lines(
    random,
    () => {
      const inside = Array.from({ length: random.below(5) }, () => {
        const [name, value] = random.of(fields)
        if (random.once(4)) return `<x ${name}="${entities(random, value)}"/>`
        const content = random.once(4) ? `<![CDATA[${value}]]>` : entities(random, value)
        return `<${name}${random.once(4) ? ' a="1"' : ''}>${random.once(6) ? '\n ' : ''}${content}</${name}>`
      })
      return `<row>${inside.join(random.of(['', '\n', '<!-- c -->']))}</row>`
    },
    '',
  )
  return `${random.once(2) ? '<?xml version="1.0" encoding="UTF-8"?>\n' : ''}<rows>${rows}</rows>`
}

const headers: readonly (readonly [header: string, value: string])[] = [
  ['姓名', sentinel.name],
  ['身份证号', sentinel.id],
  ['手机号', sentinel.mobile],
  ['银行卡号', sentinel.card],
  ['email', sentinel.email],
  ['地址', sentinel.address],
]

function csv(random: Random): string {
  const columns = headers.filter(() => !random.once(4))
  const cut = random.of([',', ';', '\t'])
  const end = random.of(['\n', '\r\n'])
  const cell = (text: string) => (random.once(3) ? `"${text}"` : text)
  const row = (texts: readonly string[]) => texts.map(cell).join(cut) + end
  const start = random.once(3) ? '\ufeff' : ''
  if (columns.length === 0) return `a${cut}b${end}`
  return (
    start + row(columns.map(([header]) => header)) + lines(random, () => row(columns.map(([, value]) => value)), '')
  )
}

function form(random: Random): string {
  const encode = (text: string) =>
    [...Buffer.from(text)]
      .map(byte =>
        byte > 0x7e || byte < 0x30 || random.once(4)
          ? `%${byte.toString(16).padStart(2, '0')}`
          : String.fromCharCode(byte),
      )
      .join('')
  return Array.from({ length: 1 + random.below(5) }, (_, at) => {
    const [name, value] = random.of(fields)
    const key = random.once(3) ? `rows[${at}][${name}]` : name
    return `${encode(key)}=${encode(value)}`
  }).join('&')
}

function html(random: Random): string {
  const rows = lines(
    random,
    () => `<tr>${headers.map(([, value]) => `<td>${entities(random, value)}</td>`).join('')}</tr>`,
    '\n',
  )
  const table = `<table><tr>${headers.map(([header]) => `<th>${header}</th>`).join('')}</tr>\n${rows}</table>`
  const [name, value] = random.of(fields)
  const input = `<form><input name="${name}" value="${value}"></form>`
  return `<!DOCTYPE html><html><head><title>t</title></head><body>${random.once(2) ? input : ''}${table}</body></html>`
}

function multipart(random: Random): string {
  const parts = lines(random, () => `--b\r\ncontent-type: application/json\r\n\r\n${json(random, 1)}`, '\r\n')
  return `${parts}--b--\r\n`
}
