/** Workbooks through the masking engine, and what is in them before and after. */

import { createMasking } from '../../gateway/masking/engine.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { beginsXls } from '../../plugins/formats/xls/marks.ts'
import { xls } from '../../plugins/formats/xls.ts'
import { readZip } from '../../plugins/formats/xlsx/zip.ts'
import { xlsx } from '../../plugins/formats/xlsx.ts'
import { plugins } from '../../plugins/index.ts'
import { faultOf, limits, type Masked, tallyOf } from '../support/mask-body.ts'
import { double } from '../support/write-xls.ts'
import { people } from './people-plan.ts'

const masking = createMasking(plugins)

/** Throws what the engine throws. */
export async function maskWorkbook(
  plan: Plan,
  bytes: Uint8Array,
  cuts: readonly number[] = [],
  under = limits,
): Promise<Masked> {
  const masker = masking.start(plan, beginsXls(bytes) ? xls : xlsx, { consumer: 'tester', purpose: 'test' }, under)
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    const piece = Uint8Array.prototype.slice.call(bytes, from, to)
    masker.write(piece)
    piece.fill(0x58)
    from = to
  }
  const out = await masker.finish()
  return { bytes: Buffer.concat(out), tally: tallyOf(masker) }
}

/** Why a workbook is withheld; `passes`: it is not. */
export function codeOf(bytes: Uint8Array): Promise<string> {
  return maskWorkbook(people, bytes).then(() => 'passes', faultOf)
}

/** The parts of a package by name, as text. */
export function partsOf(bytes: Uint8Array): Map<string, string> {
  const entries = readZip(Buffer.from(bytes), { entries: 10_000, expanded: 1 << 30 })
  return new Map(entries.map(({ name, content }) => [name, content.toString('utf8')]))
}

/** The first part that holds one of these texts, in any of the spellings XML has for it; null: none does. */
export function leakIn(bytes: Uint8Array, planted: readonly string[]): string | null {
  for (const [name, text] of partsOf(bytes)) {
    const plain = text
      .replace(/<[^>]*>/g, '')
      .concat('\n', text)
      .replace(/&#x?([\da-f]+);/gi, (all, code) =>
        String.fromCodePoint(Number.parseInt(code, all[2] === 'x' ? 16 : 10)),
      )
      .replace(/_x([\da-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    const found = planted.find(value => standsIn(plain, value) || name.includes(value))
    if (found !== undefined) return `${name}: ${found}`
  }
  return null
}

/** The first of these texts and numbers that stands in an old workbook, in any of the ways records have them; null: none does. */
export function leakInXls(bytes: Uint8Array, planted: readonly string[]): string | null {
  const file = Buffer.from(bytes)
  for (const value of planted) {
    const ways: Buffer[] = [Buffer.from(value, 'utf16le'), Buffer.from(value, 'utf8')]
    if (/^\d+$/.test(value)) ways.push(double(Number(value)))
    if (ways.some(way => file.includes(way))) return value
  }
  return null
}

/** A number inside a longer run of digits is another number: damage can glue two together. */
function standsIn(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    if (!/\d/.test(text[at - 1] ?? '') && !/\d/.test(text[at + value.length] ?? '')) return true
  }
  return false
}
