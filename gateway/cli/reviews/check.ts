import { reviewCommand } from './verdict.ts'

export const command = reviewCommand(
  'check',
  { zh: '复核通过一个初审过的应答', en: 'check an answer that has passed first review' },
  { zh: '复核通过，记录在案。', en: 'Checked, on record.' },
)
