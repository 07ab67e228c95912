import type { MaskPlugin } from '../../gateway/contracts.ts'

export const blank: MaskPlugin<object> = {
  kind: 'mask',
  name: 'blank',
  summary: {
    zh: '置空：字段还在，内容为空文本',
    en: 'Empties a value: the field stays, its text is empty',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { options: {}, in: '信佛', out: '' },
    { options: {}, in: '', out: null, why: 'there is nothing to hide' },
  ],
  create: () => ({ mask: value => (value === '' ? null : ''), isMasked: text => text === '' }),
}
