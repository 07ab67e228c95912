/** What else is done to such bodies: neither way knows columns, labels or people, and neither writes a record. */
import { parse } from 'parse5'
import { SaxesParser } from 'saxes'

export const ways = ['veilgate', 'regex', 'parser'] as const

/** `regex`: three kinds of numbers blotted out wherever they stand; `parser`: read by the usual library, and no more. */
export type Way = (typeof ways)[number]

/** By format, what is done with a body; formats that are left out have no such way. */
export const peers: Readonly<Record<Exclude<Way, 'veilgate'>, Readonly<Record<string, (body: Buffer) => void>>>> = {
  regex: Object.fromEntries(['json', 'event_stream', 'xml', 'html', 'csv', 'text'].map(format => [format, blotOut])),
  parser: {
    json: body => JSON.parse(body.toString()),
    html: body => void parse(body.toString()),
    xml: body => void new SaxesParser().write(body.toString()).close(),
  },
}

/** Resident ID numbers, mobile numbers and e-mail addresses, as scripts around nginx have them. */
function blotOut(body: Buffer): void {
  const shown = body
    .toString()
    .replaceAll(/\b\d{17}[\dXx]\b/g, number => `${number.slice(0, 3)}***`)
    .replaceAll(/\b1[3-9]\d{9}\b/g, number => `${number.slice(0, 3)}****${number.slice(7)}`)
    .replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '***')
  Buffer.from(shown)
}
