import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly text: string }

export const fixed: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'fixed',
  summary: { zh: '一律换成同一段文字', en: 'The same text for every value' },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: {
      text: { type: 'string', minLength: 1, maxLength: 64, description: 'What is shown instead of any value.' },
    },
  },
  examples: [
    { options: { text: '未公开' }, in: '汉族', out: '未公开' },
    { options: { text: '男' }, in: '男', out: null, why: 'the value itself would be shown' },
  ],
  create: ({ text }) => ({ mask: value => (value === text ? null : text), isMasked: value => value === text }),
}
