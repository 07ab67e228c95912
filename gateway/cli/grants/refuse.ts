import { verdictCommand } from './verdict.ts'

export const command = verdictCommand(
  'refuse',
  { zh: '拒绝一项授权', en: 'refuse a grant' },
  { zh: '已拒绝，记录在案。', en: 'Refused, on record.' },
)
