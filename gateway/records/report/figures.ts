/** What sections of a report write figures with, in one language. */
import type { Bilingual } from '../../contracts.ts'
import type { TitleOf } from '../tell/tell.ts'
import type { Verified } from './attention.ts'
import { escapeText } from './escape.ts'
import type { Period } from './period.ts'
import type { Totals } from './totals.ts'
import { words } from './words.ts'

export type Language = 'zh' | 'en'

/** All that a report is made of. */
export type Facts = {
  readonly period: Period
  readonly now: Totals
  readonly before: Totals
  readonly verified: Verified
  readonly made: Date
  readonly lang: Language
  /** Left out: data types go by their names. */
  readonly titleOf?: TitleOf
}

export class Figures {
  readonly lang: Language
  readonly #hasBefore: boolean
  readonly #number: Intl.NumberFormat
  readonly #percent: Intl.NumberFormat

  /** `hasBefore`: whether there is a period before to compare with. */
  constructor(lang: Language, hasBefore: boolean) {
    this.lang = lang
    this.#hasBefore = hasBefore
    const locale = lang === 'zh' ? 'zh-CN' : 'en'
    this.#number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
    this.#percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  }

  /** Escaped. */
  say(text: Bilingual): string {
    return escapeText(text[this.lang])
  }

  number(value: number): string {
    return this.#number.format(value)
  }

  /** A part of a whole; nothing of nothing is no figure. */
  share(part: number, whole: number): string {
    return whole === 0 ? '–' : this.#percent.format(part / whole)
  }

  /** `▲ 12%`, against the period before; `–` where nothing is on record of that. */
  change(now: number, before: number): string {
    if (!this.#hasBefore) return '–'
    if (now === before) return this.say(words.same)
    if (before === 0) return this.say(words.new)
    const part = Math.abs(now - before) / before
    const size =
      part >= 9.995 ? `×${this.number(Math.round(now / before))}` : this.#percent.format(Math.round(part * 100) / 100)
    return `${now > before ? '▲' : '▼'} ${size}`
  }
}
