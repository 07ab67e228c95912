import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly keep?: 'decade' | 'year' }

/** GB 11643: 17 digits and a check character, with the date of birth at 6 to 14; the 15 digits used until 1999. */
const shape = /^\d{6}(?:((?:18|19|20)\d{2})\d{7}[\dX]|(\d{2})\d{7})$/i

export const cnResidentIdBirth: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'cn_resident_id_birth',
  summary: {
    zh: '居民身份证号只给出其中的出生年或年代',
    en: 'Of a resident ID number only the year or decade of birth that is in it',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keep: { enum: ['decade', 'year'], default: 'year', description: 'The finest part that is shown.' },
    },
  },
  examples: [
    { options: {}, in: '11010519491231002X', out: '1949' },
    { options: { keep: 'decade' }, in: '11010519491231002X', out: '1940s' },
    { options: {}, in: '110105491231002', out: '1949', why: 'the 15 digits used until 1999' },
    { options: {}, in: ' 110105 19491231 002x ', out: '1949', why: 'written in groups' },
    { options: {}, in: '1101051949', out: null, why: 'not as long as a resident ID number' },
    { options: {}, in: '护照E12345678', out: null },
  ],
  create({ keep = 'year' }) {
    return {
      isMasked: text => /^\d{3}(?:\d|0s)$/.test(text),
      mask(value) {
        if (value.length > 64) return null
        const match = shape.exec(value.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}]/gu, ''))
        if (match === null) return null
        const year = match[1] ?? `19${match[2]}`
        return keep === 'year' ? year : `${year.slice(0, 3)}0s`
      },
    }
  },
}
