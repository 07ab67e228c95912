import { reviewCommand } from './verdict.ts'

export const command = reviewCommand(
  'pass',
  { zh: '初审通过一个等待审核的应答', en: 'pass an answer in first review' },
  { zh: '初审通过，记录在案。', en: 'Passed, on record.' },
)
