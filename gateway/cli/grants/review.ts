import { verdictCommand } from './verdict.ts'

export const command = verdictCommand(
  'review',
  { zh: '复核一项已使用的紧急授权', en: 'review an emergency grant that was used' },
  { zh: '已复核，记录在案。', en: 'Reviewed, on record.' },
)
