import { verdictCommand } from './verdict.ts'

export const command = verdictCommand(
  'revoke',
  { zh: '撤销一项授权', en: 'revoke a grant: by who asked, or an approver' },
  { zh: '已撤销，记录在案。', en: 'Revoked, on record.' },
)
