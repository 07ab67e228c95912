import type { MaskPlugin, Scope } from '../../gateway/contracts.ts'
import { type AlphabetName, alphabets, leastValues, permuteText } from './ff1/alphabets.ts'
import { bankCard, mobile, type NumberMask, type Permute, residentId } from './ff1/numbers.ts'
import { permutation, smallestDomain, tweakOf } from './ff1/permutation.ts'
import { scopeText } from './scoped.ts'

type Options = {
  readonly as: AlphabetName | 'cn_resident_id' | 'bank_card' | 'cn_mobile'
  readonly length?: number
  readonly years?: readonly [number, number]
}

/** Longer values are not identifiers, and cost grows with the square of the length. */
const longest = 64
/** Of birth, where the options do not say: whoever is older or younger takes the stricter form. */
const usualYears = [1926, 2025] as const

/**
 * Format-preserving pseudonyms: FF1 of NIST SP 800-38G r1. One-way as far as the gateway's traffic goes: FF1 has no
 * redundancy, so any number at all would come back as somebody's; only the holder of the key could undo one. Kinds with
 * fewer than a million values are refused, in the options where they tell and for each value. About 30 to 45 µs a value.
 */
export const ff1: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'ff1',
  summary: {
    zh: '保形假名（NIST FF1）：长度、字符种类、校验位和日期仍然有效；同一调用方、用途、类型下同值同假名；不足一百万种取值的改用更严的形式',
    en: 'A pseudonym of the same look (NIST FF1): length, kinds of characters, check digits and dates stay valid; equal for equal values within one consumer, purpose and data type; gives way where there are fewer than a million such values',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['as'],
    properties: {
      as: {
        enum: [...Object.keys(alphabets), 'cn_resident_id', 'bank_card', 'cn_mobile'],
        description:
          'What values are: digits, letters, both, Chinese characters (`han`), each with separators that stay; or a number with a check, of which region, issuer or network stay.',
      },
      length: {
        type: 'integer',
        minimum: 1,
        maximum: longest,
        description:
          'For digits, letters, both and han: how many characters values have; others take the stricter form.',
      },
      years: {
        type: 'array',
        items: { type: 'integer', minimum: 1800, maximum: 2199 },
        minItems: 2,
        maxItems: 2,
        default: usualYears,
        description: 'For cn_resident_id: first and last year of birth; others take the stricter form.',
      },
    },
  },
  examples: [
    { options: { as: 'digits' }, in: '12345', out: null, why: 'fewer than a million values look like this' },
    { options: { as: 'digits' }, in: 'E12345678', out: null, why: 'a letter' },
    { options: { as: 'letters' }, in: 'Zoe', out: null, why: 'fewer than a million' },
    { options: { as: 'alphanumeric' }, in: 'E123', out: null, why: 'fewer than a million' },
    { options: { as: 'han' }, in: '张', out: null, why: 'fewer than a million' },
    { options: { as: 'cn_resident_id' }, in: '110105194912310021', out: null, why: 'the check character is wrong' },
    { options: { as: 'bank_card' }, in: '6222020200112345673', out: null, why: 'the check digit is wrong' },
    { options: { as: 'cn_mobile' }, in: '12800138000', out: null, why: 'no mobile number' },
  ],
  create(options, keys) {
    const key = keys.secret('mask:ff1')
    const change = changeBy(options)
    return {
      mask(value, scope) {
        if (value.length > longest) return null
        const text = value.normalize('NFKC')
        if (text.length > longest) return null
        const masked = change(text, permutes(key, scope, options.as))
        return masked === text || masked === value ? null : masked
      },
    }
  },
}

function permutes(key: Uint8Array, scope: Scope, as: string): Permute {
  return under => permutation(key, tweakOf(JSON.stringify([scopeText(scope), as, under])))
}

function changeBy({ as, length, years: [first, last] = usualYears }: Options): NumberMask {
  if (as === 'cn_resident_id') return residentId(first, last)
  if (as === 'bank_card') return bankCard
  if (as === 'cn_mobile') return mobile
  if (length !== undefined && leastValues(as, length) < smallestDomain)
    throw new RangeError('fewer than a million values')
  return (text, permute) => permuteText(text, as, length ?? null, permute(''))
}
