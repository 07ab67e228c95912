import type { ReviewView } from '../../console/reviews-api.ts'
import { listCommand } from '../admin/list.ts'
import { reviewLine } from './text.ts'

export const command = listCommand('reviews list', {
  kind: 'reviews',
  summary: { zh: '列出等待审核的应答', en: 'list answers that wait for review' },
  all: 'also those that have come to their end, of the last month',
  isOpen: ({ status }: ReviewView) => status === 'waiting' || status === 'released',
  line: reviewLine,
  none: { zh: '没有等待审核的应答。', en: 'No answer waits for review.' },
})
