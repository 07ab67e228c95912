import { reviewCommand } from './verdict.ts'

export const command = reviewCommand(
  'refuse',
  { zh: '不通过一个等待审核的应答，并清除', en: 'refuse an answer that waits, and erase it' },
  { zh: '未通过，已清除，记录在案。', en: 'Refused and erased, on record.' },
)
