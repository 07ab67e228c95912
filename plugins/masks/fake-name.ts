import { createHmac } from 'node:crypto'
import type { MaskPlugin } from '../../gateway/contracts.ts'
import { givenCharacters, latinFamily, latinGiven, surnames } from './fake-name/names.ts'
import { scopeText } from './scoped.ts'

const longest = 128
/** A value that looks like a name; anything else is no name, and a name in its place would mislead. */
const chinese = /^\p{Script=Han}(?:[\s·•]?\p{Script=Han}){1,14}$/u
const latin = /^[\p{Script=Latin}\p{M}](?:[\p{Script=Latin}\p{M}.,'’-]|\s(?!\s))*$/u

/**
 * Made-up names that stay the same: a keyed digest (HMAC-SHA-256) of the name picks one, so that one person has one fake
 * name in all that a consumer gets for one purpose. Not reversible; and not unique: there are some hundred thousand fake
 * names, so two people may come to share one. Where people must be told apart, use `token`, `hmac` or `ff1`.
 */
export const fakeName: MaskPlugin<object> = {
  kind: 'mask',
  name: 'fake_name',
  summary: {
    zh: '编造的姓名：同一调用方、用途、类型下同名同假名；不可还原，也不保证唯一；不像姓名的改用更严的形式',
    en: 'A made-up name: equal for equal names within one consumer, purpose and data type; not reversible and not unique; what looks like no name takes the stricter form',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { options: {}, in: '张', out: null, why: 'no whole name' },
    { options: {}, in: '13800138000', out: null, why: 'no name' },
  ],
  create(_options, keys) {
    const key = keys.secret('mask:fake_name')
    return {
      mask(value, scope) {
        const name = value.length > longest ? '' : value.normalize('NFKC').trim()
        const isLatin = name.length > 1 && latin.test(name)
        if (!isLatin && !chinese.test(name)) return null
        const digest = createHmac('sha256', key).update(scopeText(scope)).update('\0').update(name).digest()
        return isLatin ? latinName(digest, name) : chineseName(digest, name)
      },
    }
  },
}

/** As long as the name it stands for, up to three characters: most names are. No character stays where it was. */
function chineseName(digest: Buffer, name: string): string {
  const taken = [...name.replace(/[\s·•]/g, '')]
  const parts = [surnames, givenCharacters, givenCharacters].slice(0, Math.min(taken.length, 3))
  return parts.map((list, at) => pick(list, digest, at, taken[at])).join('')
}

function latinName(digest: Buffer, name: string): string {
  const words = name.split(/[\s,]+/).filter(word => word !== '')
  const given = pick(
    latinGiven,
    digest,
    0,
    words.find(word => latinGiven.includes(word)),
  )
  if (words.length < 2) return given
  const family = pick(
    latinFamily,
    digest,
    1,
    words.find(word => latinFamily.includes(word)),
  )
  return name.includes(',') ? `${family}, ${given}` : `${given} ${family}`
}

/** 32 bits of the digest choose; the next one where that is what stands there already. */
function pick(list: readonly string[], digest: Buffer, at: number, taken: string | undefined): string {
  const index = digest.readUInt32BE(at * 4) % list.length
  return list[index] === taken ? list[(index + 1) % list.length]! : list[index]!
}
