import { verdictCommand } from './verdict.ts'

export const command = verdictCommand(
  'approve',
  { zh: '批准一项授权', en: 'approve a grant' },
  { zh: '已批准，记录在案。', en: 'Approved, on record.' },
)
