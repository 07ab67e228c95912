import { reviewCommand } from './verdict.ts'

export const command = reviewCommand(
  'release',
  {
    zh: '签发一个复核过的应答，调用方可领取一次',
    en: 'release an answer that was checked: its caller may fetch it once',
  },
  { zh: '已签发，记录在案。', en: 'Released, on record.' },
)
