import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly decimals?: number }

/** One coordinate, or two with what parts them and a WKT or bracket around them. */
const pair =
  /^(\s{0,8}(?:POINT\s?)?[([]?\s{0,4})(-?\d{1,3}(?:\.\d{1,20})?)((?:\s{0,4}[,，;]\s{0,4}|\s{1,4}))(-?\d{1,3}(?:\.\d{1,20})?)(\s{0,4}[)\]]?\s{0,8})$/i
const single = /^\s{0,8}(-?\d{1,3}(?:\.\d{1,20})?)\s{0,8}$/

export const coordinateGrid: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'coordinate_grid',
  summary: {
    zh: '经纬度只保留到网格：一位小数约 11 公里，两位约 1 公里；认不出的改用更严的形式',
    en: 'Coordinates down to a grid: one decimal is about 11 km, two about 1 km; what is no coordinate takes the stricter form',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      decimals: {
        type: 'integer',
        minimum: 0,
        maximum: 3,
        default: 1,
        description: 'Decimals of a degree that are kept; the rest is cut off.',
      },
    },
  },
  examples: [
    { options: {}, in: '30.274085', out: '30.2' },
    { options: { decimals: 2 }, in: '120.15507,30.274085', out: '120.15,30.27' },
    { options: { decimals: 0 }, in: 'POINT(120.15507 30.274085)', out: 'POINT(120 30)' },
    { options: {}, in: '-0.02', out: '0.0' },
    { options: {}, in: '30.27, 120', out: '30.2, 120' },
    { options: {}, in: '30.2', out: null, why: 'nothing would be hidden' },
    { options: {}, in: '190.155', out: null, why: 'no such longitude' },
    { options: {}, in: '30°16′26″N', out: null, why: 'not in decimals' },
  ],
  create({ decimals = 1 }) {
    const cellLook = `-?\\d{1,3}(?:\\.\\d{0,${decimals}})?`
    const look = new RegExp(`^(?:POINT ?)?[([]?\\s*${cellLook}(?:[,，;\\s]\\s*${cellLook})?\\s*[)\\]]?$`, 'i')
    return {
      isMasked: text => text.length <= 96 && look.test(text.trim()),
      mask(value) {
        if (value.length > 96) return null
        const two = pair.exec(value)
        const numbers = two === null ? [single.exec(value)?.[1]] : [two[2], two[4]]
        const cells = numbers.map(number => (number === undefined ? null : cell(number, decimals)))
        if (cells.includes(null) || cells.every((one, at) => one === numbers[at])) return null
        return two === null ? cells[0]! : `${two[1]}${cells[0]}${two[3]}${cells[1]}${two[5]}`.trim()
      },
    }
  },
}

/** Cut, not rounded: all of one cell are named by the same corner. Null where there is no such degree. */
function cell(number: string, decimals: number): string | null {
  if (Math.abs(Number(number)) > 180) return null
  const [whole, fraction = ''] = number.split('.')
  const cut = decimals === 0 || fraction === '' ? whole! : `${whole}.${fraction.slice(0, decimals)}`
  return Number(cut) === 0 ? cut.replace('-', '') : cut
}
