import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly keep?: 'province' | 'city' | 'district'; readonly cover?: string }

/** GB/T 2260: two digits each for province, city and district. */
const digitsKept = { province: 2, city: 4, district: 6 } as const
/** GB 11643: 17 digits and a check character, or the 15 digits used until 1999. */
const shape = /^(?:\d{17}[\dX]|\d{15})$/i

export const cnResidentIdRegion: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'cn_resident_id_region',
  summary: {
    zh: '居民身份证号只保留前面的行政区划代码，其余遮盖',
    en: 'Keeps the region code at the start of a resident ID number and covers the rest',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keep: {
        enum: ['province', 'city', 'district'],
        default: 'city',
        description: 'How much of the region code is kept: 2, 4 or 6 digits.',
      },
      cover: {
        type: 'string',
        minLength: 1,
        maxLength: 1,
        default: '*',
        description: 'What stands for each covered digit.',
      },
    },
  },
  examples: [
    { options: {}, in: '11010519491231002X', out: '1101**************' },
    {
      options: { keep: 'province' },
      in: '110105491231002',
      out: '11*************',
      why: 'the 15 digits used until 1999',
    },
    {
      options: { keep: 'district' },
      in: ' 110105 19491231 002x ',
      out: '110105************',
      why: 'written in groups',
    },
    { options: {}, in: '1101051949', out: null, why: 'not as long as a resident ID number' },
    { options: {}, in: '护照E12345678', out: null },
  ],
  create({ keep = 'city', cover = '*' }) {
    const kept = digitsKept[keep]
    const whole = [15, 18].map(length => cover.repeat(length - kept))
    return {
      couldMake: text => /^\d+$/.test(text.slice(0, kept)) && whole.includes(text.slice(kept)),
      isMasked: text => text.includes(cover),
      mask(value) {
        if (value.length > 64) return null
        const digits = value.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}]/gu, '')
        return shape.test(digits) ? digits.slice(0, kept) + cover.repeat(digits.length - kept) : null
      },
    }
  },
}
