import type { Mask, MaskPlugin } from '../../gateway/contracts.ts'

type Options = {
  readonly head?: number
  readonly tail?: number
  readonly cover?: string
  readonly until?: string
}

/** One user-perceived character, near enough: a code point and the marks that combine with it. Linear on any string. */
const unit = /[\s\S]\p{M}*/gu
/** What stands between characters: kept where it leads or trails, but never one of the `head` or `tail`. */
const separator = /^[\p{P}\p{Z}]/u
/** What hides nothing when it is covered. */
const weightless = /^[\p{P}\p{Z}\p{C}]/u
/** Text in which every UTF-16 unit is one character and has weight: the usual case, without a regular expression match. */
const plain = /^[0-9A-Za-z\u4e00-\u9fa5]+$/

export const keepEnds: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'keep_ends',
  summary: {
    zh: '保留首尾若干字符，其余逐字遮盖；遮盖不足三分之一时改用更严的形式',
    en: 'Keeps characters at the ends and covers each one between; gives way to a stricter form when less than a third would be covered',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      head: { type: 'integer', minimum: 0, maximum: 32, default: 0, description: 'Characters kept at the start.' },
      tail: { type: 'integer', minimum: 0, maximum: 32, default: 0, description: 'Characters kept at the end.' },
      cover: {
        type: 'string',
        minLength: 1,
        maxLength: 1,
        default: '*',
        description: 'What stands for each covered character.',
      },
      until: {
        type: 'string',
        minLength: 1,
        maxLength: 1,
        description:
          'Only what stands before the last of this character is masked; the rest is kept. `@` keeps the domain of an e-mail address. A value without it takes the stricter form.',
      },
    },
  },
  examples: [
    { options: { head: 1 }, in: '张三', out: '张*' },
    { options: { head: 1 }, in: '张三丰', out: '张**' },
    { options: { head: 1 }, in: '欧阳娜娜', out: '欧***' },
    { options: { head: 1, tail: 1 }, in: '张三', out: null, why: 'both characters would be shown' },
    { options: { head: 1 }, in: '张', out: null, why: 'nothing would be covered' },
    { options: { head: 3, tail: 4 }, in: '13800138000', out: '138****8000' },
    { options: { head: 3, tail: 4 }, in: '138-0013-8000', out: '138******8000', why: 'separators are not counted' },
    { options: { head: 3, tail: 4 }, in: '138****8000', out: null, why: 'what is covered already hides nothing more' },
    { options: { head: 3, tail: 4 }, in: '88886666', out: null, why: 'one digit of eight is less than a third' },
    { options: { head: 3 }, in: '11010519491231002X', out: '110***************' },
    { options: { head: 1, cover: '●' }, in: '𠮷野家', out: '𠮷●●', why: 'a character outside the BMP is one' },
    { options: { head: 1, until: '@' }, in: 'zhangsan@example.edu.cn', out: 'z*******@example.edu.cn' },
    { options: { head: 1, until: '@' }, in: 'z@example.edu.cn', out: null },
    { options: { head: 1, until: '@' }, in: 'zhangsan', out: null, why: 'not the shape that was expected' },
  ],
  create: options => keepEndsMask(options),
}

/**
 * At least a third of the characters must be covered, and at least one. A third, because the mask that everyone knows,
 * 138****8000, covers 4 of 11, and a two-character name can only cover one; anything less invites a guess.
 */
function hidesEnough(covered: number, all: number): boolean {
  return covered >= Math.max(1, Math.ceil(all / 3))
}

function keepEndsMask({ head = 0, tail = 0, cover = '*', until }: Options): Mask {
  return {
    ends: { head, tail, cover, until: until ?? null },
    isMasked: text => text.includes(cover),
    couldMake(text) {
      const end = until === undefined ? text.length : text.lastIndexOf(until)
      return end >= 0 && !text.includes(cover, end) && isKept(text.slice(0, end), head, tail, cover)
    },
    mask(value) {
      if (until === undefined) return keep(value, head, tail, cover)
      const at = value.lastIndexOf(until)
      if (at < 0) return null
      const masked = keep(value.slice(0, at), head, tail, cover)
      return masked === null ? null : masked + value.slice(at)
    },
  }
}

function keep(value: string, head: number, tail: number, cover: string): string | null {
  if (plain.test(value)) {
    const covered = value.length - head - tail
    if (!hidesEnough(covered, value.length)) return null
    return value.slice(0, head) + cover.repeat(covered) + value.slice(value.length - tail)
  }
  const units = value.match(unit) ?? []
  const from = passed(units, head)
  const to = units.length - passed(units.toReversed(), tail)
  if (to <= from) return null
  if (!hidesEnough(weight(units.slice(from, to)), weight(units))) return null
  return units.slice(0, from).join('') + cover.repeat(to - from) + units.slice(to).join('')
}

/** Whether of a text all but so many characters at its ends are covers, and enough of them. */
function isKept(text: string, head: number, tail: number, cover: string): boolean {
  const from = text.indexOf(cover)
  const to = text.lastIndexOf(cover) + cover.length
  if (from < 0 || text.slice(from, to) !== cover.repeat((to - from) / cover.length)) return false
  const before = text.slice(0, from).match(unit) ?? []
  const behind = (text.slice(to).match(unit) ?? []).toReversed()
  const covered = (to - from) / cover.length
  return isEnd(before, head) && isEnd(behind, tail) && hidesEnough(covered, covered + weight(before) + weight(behind))
}

/** Whether these are units up to the last of so many that are no separators. */
function isEnd(units: readonly string[], count: number): boolean {
  return passed(units, count) === units.length && units.filter(one => !separator.test(one)).length === count
}

/** How many units hold the first `count` that are not separators. */
function passed(units: readonly string[], count: number): number {
  let index = 0
  for (let left = count; left > 0 && index < units.length; index++) if (!separator.test(units[index]!)) left--
  return index
}

function weight(units: readonly string[]): number {
  let sum = 0
  for (const one of units) if (!weightless.test(one)) sum++
  return sum
}
