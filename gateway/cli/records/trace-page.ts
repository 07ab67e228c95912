/** A trace as one HTML page with everything in it, to be printed, signed and handed in. */
import type { Bilingual } from '../../contracts.ts'
import { escapeText } from '../../records/report/escape.ts'
import { style } from '../../records/report/style.ts'
import { type Language, say } from '../command.ts'
import type { Table, TraceTold } from './trace-told.ts'

/** Nothing in it is loaded from elsewhere, and nothing in it runs. `caseNumber`: as it is on record. `made`: when, in local time. */
export function tracePage(told: TraceTold, caseNumber: string, made: string, lang: Language): string {
  const { head, known, accessors, more, occasions, meaning, closed } = told
  const title = `${say(words.title, lang)} · ${caseNumber}`
  const found =
    accessors.rows.length === 0
      ? ''
      : `${section(words.ranking, tableOf(accessors) + note(more), lang)}
${occasions.map(one => `<section><h2>${escapeText(one.title)}</h2>${tableOf(one)}</section>`).join('\n')}`
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title><style>${style}${ownStyle}</style></head><body>
<header><h1><small>${say(words.title, lang)}</small> ${escapeText(caseNumber)}</h1><p>${escapeText(head)}<br>${say(words.made, lang)} ${escapeText(made)}</p></header>
<main><p class="lead">${escapeText(known)}</p>${closed === '' ? '' : `<ul class="attention"><li class="grave">${escapeText(closed)}</li></ul>`}
${found}</main>
<footer><ul>${meaning.map(line => `<li>${escapeText(line)}</li>`).join('')}</ul></footer>
<div class="sign">${words.signed.map(who => `<span>${say(who, lang)}</span>`).join('')}</div>
</body></html>
`
}

function section(name: Bilingual, inside: string, lang: Language): string {
  return `<section><h2>${say(name, lang)}</h2>${inside}</section>`
}

function note(text: string): string {
  return text === '' ? '' : `<p class="note">${escapeText(text)}</p>`
}

function tableOf({ columns, rows }: Table): string {
  const cells = (row: readonly string[], as: 'th' | 'td') =>
    row.map(cell => `<${as}>${escapeText(cell)}</${as}>`).join('')
  return `<table><thead><tr>${cells(columns, 'th')}</tr></thead><tbody>${rows.map(row => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody></table>`
}

/** Wide tables; a row is read across by its lines. On a telephone they are moved sideways, and no row grows tall. */
const ownStyle =
  '@page{size:A4 landscape}body{max-width:1180px}section{break-inside:auto}table{font-size:12px}' +
  '.lead+section{margin-top:0}.sign{display:grid;grid-template-columns:repeat(3,1fr);gap:36px;margin-top:46px;break-inside:avoid}' +
  '.sign span{border-top:1px solid #586674;padding-top:5px;color:#586674;font-size:12px}' +
  '@media screen and (max-width:700px){table{min-width:980px}.sign{gap:14px}}'

const words = {
  title: { zh: '泄露溯源', en: 'Trace of a leak' },
  made: { zh: '制作于', en: 'Made' },
  ranking: { zh: '看过名单中人的访问者，可能性大的在前', en: 'Who was shown people of the list, the likeliest first' },
  signed: [
    { zh: '经办人', en: 'Made by' },
    { zh: '复核人', en: 'Reviewed by' },
    { zh: '日期', en: 'Date' },
  ],
} as const satisfies Record<string, Bilingual | readonly Bilingual[]>
