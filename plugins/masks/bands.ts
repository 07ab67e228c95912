import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly step?: number; readonly edges?: readonly number[] }

/** A number as people write ages and amounts: a sign of money, groups of thousands, a unit behind it. */
const written =
  /^\s{0,8}([¥￥$€£]?)\s{0,4}(-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,15})?)\s{0,4}(万元|亿元|元|万|岁|周岁|CNY|RMB|USD|EUR)?\s{0,8}$/u

const bandLook = /^[¥￥$€£]?(?:[<≥]-?\d+|-?\d+--?\d+)(?:\p{Script=Han}{1,2}|[A-Z]{3})?$/u

export const bands: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'bands',
  summary: {
    zh: '数值改为所在区间：年龄 23 变 20-29，金额按给定的界限分档；不是数值的改用更严的形式',
    en: 'The band that a number is in: an age of 23 is 20-29, amounts by the edges given; what is no number takes the stricter form',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      step: { type: 'integer', minimum: 2, default: 10, description: 'Bands of one width. Not together with `edges`.' },
      edges: {
        type: 'array',
        items: { type: 'integer', minimum: -1_000_000_000_000, maximum: 1_000_000_000_000 },
        minItems: 1,
        maxItems: 64,
        uniqueItems: true,
        description: 'Where bands begin, in order: each edge is the first number of the band after it.',
      },
    },
  },
  examples: [
    { options: {}, in: '23', out: '20-29' },
    { options: {}, in: '20', out: '20-29' },
    { options: { step: 1000 }, in: '4321.50', out: '4000-4999' },
    { options: { step: 1000 }, in: '¥ 12,345.67 元', out: '¥12000-12999元' },
    { options: { edges: [14, 18, 60] }, in: '13', out: '<14' },
    { options: { edges: [14, 18, 60] }, in: '14', out: '14-17' },
    { options: { edges: [14, 18, 60] }, in: '71岁', out: '≥60岁' },
    { options: { step: 10 }, in: '-3', out: '-10--1' },
    { options: {}, in: '二十三', out: null, why: 'not in digits' },
    { options: {}, in: '20-29', out: null, why: 'a band already' },
    { options: {}, in: '13,80,0138000', out: null, why: 'no number is grouped so' },
  ],
  create({ step, edges }) {
    if (step !== undefined && edges !== undefined) throw new TypeError('step or edges, not both')
    if (edges?.some((edge, at) => at > 0 && edge <= edges[at - 1]!)) throw new TypeError('edges must be in order')
    const name = edges === undefined ? nameByStep(step ?? 10) : (value: number) => nameByEdges(edges, value)
    return {
      isMasked: text => text.length <= 64 && bandLook.test(text),
      mask(value) {
        if (value.length > 64) return null
        const match = written.exec(value)
        if (match === null) return null
        return `${match[1]}${name(Number(match[2]!.replaceAll(',', '')))}${match[3] ?? ''}`
      },
    }
  },
}

function nameByStep(step: number) {
  return (value: number) => {
    const from = Math.floor(value / step) * step
    return `${from}-${from + step - 1}`
  }
}

function nameByEdges(edges: readonly number[], value: number): string {
  const next = edges.findIndex(edge => value < edge)
  if (next === 0) return `<${edges[0]}`
  if (next < 0) return `≥${edges.at(-1)}`
  const [from, last] = [edges[next - 1]!, edges[next]! - 1]
  // A band of one number would say the number.
  return from === last ? `<${edges[next]}` : `${from}-${last}`
}
