import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly keep?: 'province' | 'city' | 'district' }

/** GB/T 2260 (six digits) and its extension to townships and villages (nine, twelve). */
const digitsKept = { province: 2, city: 4, district: 6 } as const
const shape = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}(?:\d{3}|\d{6})?$/

export const cnRegionCode: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'cn_region_code',
  summary: {
    zh: '行政区划代码只保留到省、市或区县，其余补零；更细的街道、村居代码同样处理',
    en: 'Keeps an administrative division code down to province, city or district, with zeros for the rest; township and village codes too',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keep: { enum: ['province', 'city', 'district'], default: 'city', description: 'The finest part still shown.' },
    },
  },
  examples: [
    { options: {}, in: '330106', out: '330100' },
    { options: { keep: 'province' }, in: '330106', out: '330000' },
    { options: { keep: 'district' }, in: '330106003011', out: '330106000000', why: 'a village' },
    { options: {}, in: '330100', out: null, why: 'nothing would be hidden' },
    { options: {}, in: '990106', out: null, why: 'no such province' },
    { options: {}, in: '浙江省杭州市', out: null, why: 'not a code' },
  ],
  create({ keep = 'city' }) {
    const kept = digitsKept[keep]
    const look = new RegExp(`^\\d{${kept}}0{${6 - kept}}(?:0{3}|0{6})?$`)
    return {
      isMasked: text => look.test(text),
      mask(value) {
        const code = value.length > 32 ? '' : value.normalize('NFKC').trim()
        if (!shape.test(code)) return null
        const shown = code.slice(0, kept).padEnd(code.length, '0')
        return shown === code ? null : shown
      },
    }
  },
}
