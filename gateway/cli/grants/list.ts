import type { GrantView } from '../../console/grants-api.ts'
import { listCommand } from '../admin/list.ts'
import { lineOf } from './text.ts'

export const command = listCommand('grants list', {
  kind: 'grants',
  summary: { zh: '列出授权', en: 'list grants' },
  all: 'also those that have come to their end, of the last month',
  isOpen: ({ status, review_due }: GrantView) => ['asked', 'ready'].includes(status) || review_due !== null,
  line: lineOf,
  none: { zh: '没有待办的授权。', en: 'No grant is open.' },
})
