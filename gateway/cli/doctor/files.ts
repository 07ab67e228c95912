/** What `doctor` sees of the files of an installation: who else may read or write them, room, time, and who runs it. */
import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { nameOfFile } from '../../records/files/files.ts'
import { standardMarks } from '../../records/log/space.ts'
import { findTail } from '../../records/log/tail.ts'
import { type Finding, finding } from './finding.ts'

const readable = finding(
  'KEYS_READABLE',
  'wrong',
  ['本机其他用户可以读取密钥', 'other users of this machine can read keys'],
  [
    '运行 chmod -R go= 该目录；若已泄露，用 veilgate keys rotate 更换',
    'run chmod -R go= on the folder; if they may have been read, veilgate keys rotate',
  ],
)
const writable = finding(
  'RULES_WRITABLE',
  'wrong',
  [
    '本机其他用户可以改写它，从而决定谁看到什么',
    'other users of this machine can write it, and so decide who sees what',
  ],
  ['运行 chmod go-w；只让其负责人改写', 'run chmod go-w on it; let only its owner write'],
)
const open = finding(
  'RECORDS_OPEN',
  'wrong',
  ['本机其他用户可以读取访问记录', 'other users of this machine can read the access records'],
  ['运行 chmod -R go= 该目录', 'run chmod -R go= on the folder'],
)
const together = finding(
  'KEYS_BESIDE_RECORDS',
  'wrong',
  [
    '密钥目录与记录目录互相包含：谁备份或拿走其一，就同时有了两者',
    'keys and records are inside one another: whoever copies or takes the one has both',
  ],
  ['分开存放；密钥另行备份', 'keep them apart, and back the keys up apart'],
)
const full = finding(
  'RECORDS_LOW_SPACE',
  'wrong',
  [
    '记录所在磁盘快满了；写不下时所有请求都会被拒绝',
    'little room is left where the records are; when there is none, every request is refused',
  ],
  ['腾出空间，或把 records 移到更大的磁盘', 'make room, or move `records` to a larger disk'],
)
const ahead = finding(
  'CLOCK_BEHIND',
  'wrong',
  [
    '记录文件的时间晚于本机时钟：时钟被拨回，或曾经拨快',
    'records are of a time that this machine has not reached: its clock was set back, or was ahead',
  ],
  [
    '校准时钟（NTP）；若记录超前数日以上，按 gateway/cli/README“损坏之后”另起一个记录目录，否则在时钟追上之前新记录都沿用那一时间',
    'set the clock by NTP; where records are ahead by days, begin a new folder of them as after damage (gateway/cli/README): until the clock has caught up all new ones keep that time',
  ],
)
const root = finding(
  'RUNS_AS_ROOT',
  'advice',
  ['以 root 运行：网关不需要任何特权', 'this runs as root: the gateway needs no privilege'],
  ['为它建一个用户，密钥与记录目录归该用户所有', 'make a user for it, who owns keys and records'],
)

/** Milliseconds by which clocks of file systems may differ. */
const slack = 5 * 60_000

/** Folders that are not there yet are made by the first start, as they should be: nothing is found in them. */
export async function findingsInFiles(config: Config, now: number, user: number | undefined): Promise<Finding[]> {
  const found: Finding[] = []
  if (await anyOpen(config.keys, 0o077)) found.push(readable(config.keys))
  if (await anyOpen(config.records, 0o007)) found.push(open(config.records))
  for (const path of [config.file, config.policies])
    if (path !== null && (await anyOpen(path, 0o022))) found.push(writable(path))
  const inside = (a: string, b: string) => `${a}/`.startsWith(`${b}/`)
  if (inside(config.keys, config.records) || inside(config.records, config.keys)) found.push(together(config.keys))
  const disk = await statfs(config.records).catch(() => null)
  if (disk !== null && disk.bavail * disk.bsize < standardMarks.low(disk.blocks * disk.bsize))
    found.push(full(config.records))
  if ((await latest(config.records)) > now + slack) found.push(ahead(config.records))
  if (user === 0) found.push(root('uid 0'))
  return found
}

/** Whether a file, a folder or anything in it gives others one of these permissions. What cannot be looked at gives none. */
async function anyOpen(path: string, mode: number): Promise<boolean> {
  const about = await lstat(path).catch(() => null)
  if (about === null || about.isSymbolicLink()) return false
  if ((about.mode & mode) !== 0) return true
  if (!about.isDirectory()) return false
  for (const name of await readdir(path).catch(() => [])) if (await anyOpen(join(path, name), mode)) return true
  return false
}

/** When the newest file of a folder was written, or by its own word the last record of a log; 0: there is none. */
async function latest(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const logs = new Set(names.flatMap(name => nameOfFile(name)?.log ?? []))
  const times = [
    ...names.map(async name => (await lstat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0),
    ...[...logs].map(async log => (await findTail(folder, log).catch(() => null))?.time ?? 0),
  ]
  return Math.max(0, ...(await Promise.all(times)))
}
