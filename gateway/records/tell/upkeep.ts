/** Sentences for what a log says of itself: that it lives, is sealed, listed, held and pruned. */
import type { Bilingual } from '../../contracts.ts'
import type { Entry } from '../files/read.ts'
import { localTime } from '../query/when.ts'

type Told = readonly [kind: string, tell: (entry: Entry, timezone: string) => Bilingual]

export const upkeep: readonly Told[] = [
  ['heartbeat', heartbeat],
  ['seal', seal],
  ['roster', roster],
  ['hold', hold],
  ['prune', prune],
  ['trace', trace],
]

function trace(entry: Entry): Bilingual {
  const approvers = Array.isArray(entry['approvers']) ? entry['approvers'].join(', ') : ''
  const [people, known] = [numberIn(entry, 'people'), numberIn(entry, 'known')]
  const [who, number] = [String(entry['operator'] ?? '-'), String(entry['case'] ?? '-')]
  return {
    zh: `${who} 经 ${approvers} 批准，为案件 ${number} 在记录中查找 ${people} 人，其中 ${known} 人出现过。`,
    en: `${who} looked for ${people} ${people === 1 ? 'person' : 'people'} in the records for case ${number}, approved by ${approvers}; ${known} were in them.`,
  }
}

function heartbeat(entry: Entry): Bilingual {
  const [signed, witnessed] = [numberIn(entry, 'signed'), numberIn(entry, 'witnessed')]
  return {
    zh: `网关在运行；已签署 ${signed} 条记录，见证方已见 ${witnessed} 条。`,
    en: `the gateway was alive; ${signed} records were signed, and a witness had seen ${witnessed}.`,
  }
}

function seal(entry: Entry): Bilingual {
  const span = `${entry.log}:${numberIn(entry, 'first')}–${numberIn(entry, 'last')}`
  const [bytes, stored] = [numberIn(entry, 'bytes'), numberIn(entry, 'stored')]
  return {
    zh: `第 ${numberIn(entry, 'file')} 个文件（${span}）已封存，${bytes} 字节压缩为 ${stored} 字节。`,
    en: `file ${numberIn(entry, 'file')} (${span}) was sealed; ${bytes} bytes were compressed to ${stored}.`,
  }
}

function roster(entry: Entry): Bilingual {
  const logs = Array.isArray(entry['logs']) ? (entry['logs'] as { log?: unknown; next?: unknown }[]) : []
  const list = logs.map(one => `${String(one.log)} (${Number(one.next)})`).join(', ')
  return {
    zh: `此目录中的其他日志及其记录数：${list || '无'}。`,
    en: `the other logs in the folder, and how many records each has: ${list || 'none'}.`,
  }
}

function hold(entry: Entry): Bilingual {
  const isSet = entry['action'] === 'set'
  const name = textIn(entry, 'name')
  return {
    zh: `${who(entry, '某系统用户')}${isSet ? '设置' : '解除'}了保全“${name}”：所涉记录${isSet ? '不得删除' : '不再因此保留'}。`,
    en: `${who(entry, 'a system user')} ${isSet ? 'set' : 'lifted'} the hold ${name}: its records ${isSet ? 'must not be removed' : 'need not be kept for it any more'}.`,
  }
}

function prune(entry: Entry, timezone: string): Bilingual {
  const approvers = Array.isArray(entry['approvers']) ? entry['approvers'].map(String) : []
  const until = localTime(textIn(entry, 'until'), timezone)
  const target = `${textIn(entry, 'target')}:${numberIn(entry, 'before')}`
  return {
    zh: `${who(entry, '某系统用户')}经 ${approvers.join('、')} 批准，删除了 ${target} 之前（${until} 以前）的记录，其证明仍保留。`,
    en: `${who(entry, 'a system user')} removed the records before ${target} (older than ${until}) by leave of ${approvers.join(' and ')}; what proves them is kept.`,
  }
}

function who(entry: Entry, unknown: string): string {
  return typeof entry['operator'] === 'string' ? entry['operator'] : unknown
}

function textIn(entry: Entry, key: string): string {
  const value = entry[key]
  return typeof value === 'string' ? value : '-'
}

function numberIn(entry: Entry, key: string): number {
  const value = entry[key]
  return typeof value === 'number' ? value : 0
}
