/** Has the records copied into a database while the gateway serves, and says when that cannot be done. */
import { extname, join } from 'node:path'
import type { PostgresSettings } from '../../config/config.ts'
import type { LagBoard } from '../../console/lag.ts'
import type { OperationalLog } from '../../log.ts'
import type { FromFollower, ToFollower } from '../../records/postgres/follower.ts'
import { startCompanion } from './companion.ts'
import { lagging } from './lagging.ts'

const { filename } = import.meta
const script = join(import.meta.dirname, `../../records/postgres/follower${extname(filename)}`)

const words = {
  waiting: {
    zh: '访问记录暂时无法复制到 PostgreSQL；新记录在本地保存，恢复后从中断处继续，服务不受影响',
    en: 'records cannot be copied to PostgreSQL now: new ones are kept here, copying goes on where it stopped, and serving goes on',
  },
  current: { zh: '访问记录已全部复制到 PostgreSQL', en: 'all records are copied to PostgreSQL' },
  far: {
    zh: 'PostgreSQL 中的副本远远落后于记录；请查看数据库是否可用、是否过慢。服务不受影响',
    en: 'the copy in PostgreSQL is far behind the records: see whether the database is there, and fast enough. Serving goes on',
  },
  near: { zh: 'PostgreSQL 中的副本已跟上', en: 'the copy in PostgreSQL has caught up' },
  DIVERGED: {
    zh: '此日志与 PostgreSQL 中同名的副本不是同一份，不再复制。若多个网关共用数据库，请各设 records.postgres.name；否则请核验记录',
    en: 'this log is not the one that PostgreSQL has a copy of under its name; it is not copied. Where several gateways share a database, give each a records.postgres.name; else verify the records',
  },
  DAMAGED: {
    zh: '有损坏的记录无法复制到 PostgreSQL；请运行 veilgate records verify',
    en: 'damaged records cannot be copied to PostgreSQL; run veilgate records verify',
  },
}

/** Nothing of the gateway waits for it, or fails with it. */
export function followPostgres(
  directory: string,
  settings: PostgresSettings,
  log: OperationalLog,
  board: LagBoard,
): { close(): Promise<void> } {
  const behind = lagging(words, log)
  board.put('copy', behind.lag)
  const companion = startCompanion<FromFollower>({
    script,
    task: () => ({ directory, settings }) satisfies ToFollower,
    onMessage(state) {
      if (state.is === 'lag') behind.hear(state)
      else if (state.is === 'waiting')
        log.warn(words.waiting, { code: /^\d/.test(state.code) ? `SQLSTATE_${state.code}` : state.code })
      else if (state.is === 'current') log.info(words.current)
      else log.error(words[state.fault], { code: state.fault, file: state.log })
    },
  })
  return {
    close() {
      behind.close()
      return companion.close()
    },
  }
}
