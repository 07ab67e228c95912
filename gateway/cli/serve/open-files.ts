import { readFile } from 'node:fs/promises'
import type { Config } from '../../config/config.ts'
import type { OperationalLog } from '../../log.ts'

const words = {
  few: {
    zh: '本进程可打开的文件数少于 limits.connections 与各系统连接数之和：同时的连接多时，新的连接会被断开，记录也可能写不下。请调高（systemd 的 LimitNOFILE，或 ulimit -n），或调低 limits.connections',
    en: 'this process may open fewer files than `limits.connections` and the pools of the systems come to: with many connections new ones are cut off, and records may fail. Raise it (LimitNOFILE of systemd, or ulimit -n), or lower `limits.connections`',
  },
}

/** Files that are open whatever is served: records, index, keys, what the runtime takes. */
const others = 128

/** Says so where the machine lets a process have too few open files for what gateway.yaml allows. */
export async function tellOfFewFiles(
  { limits, systems, workers }: Pick<Config, 'limits' | 'systems' | 'workers'>,
  log: Pick<OperationalLog, 'warn'>,
  limitsFile = '/proc/self/limits',
): Promise<void> {
  const text = await readFile(limitsFile, 'utf8').catch(() => '')
  // where it is unlimited, or the system tells in another way, there is nothing to say
  const allowed = Number(/^Max open files +(\d+)/m.exec(text)?.[1] ?? Number.POSITIVE_INFINITY)
  const pools = [...systems.values()].reduce((sum, { upstream }) => sum + upstream.pool.connections, 0)
  const needed = Math.ceil((limits.connections + pools) / (workers ?? 1)) + others
  if (allowed < needed) log.warn(words.few, { count: allowed })
}
