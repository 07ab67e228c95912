import type { LockdownView } from '../../console/lockdown-api.ts'
import { listCommand } from '../admin/list.ts'
import { lockdownLine } from './text.ts'

export const command = listCommand('lockdown list', {
  kind: 'lockdowns',
  summary: { zh: '列出封锁', en: 'list lockdowns' },
  all: 'also those that were lifted',
  isOpen: ({ lifted }: LockdownView) => lifted === null,
  line: lockdownLine,
  none: { zh: '没有封锁。', en: 'Nothing is locked down.' },
})
