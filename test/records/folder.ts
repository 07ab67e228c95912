/** Folders, logs and disks for the tests of this room. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Entry, readRecords } from '../../gateway/records/files/read.ts'
import { type Disk, disk } from '../../gateway/records/log/disk.ts'
import type { Health, LogOptions, RecordLog } from '../../gateway/records/log/log.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { removeFolder } from '../support/remove-folder.ts'

const cleanups = new WeakMap<TestContext, (() => unknown)[]>()

/** Runs when the test has ended, the last registered first, so that a log is closed before its folder goes. */
export function atEnd(t: TestContext, clean: () => unknown): void {
  const known = cleanups.get(t)
  if (known !== undefined) known.push(clean)
  else {
    const own = [clean]
    cleanups.set(t, own)
    t.after(async () => {
      for (const one of own.reverse()) await one()
    })
  }
}

/** A folder that goes away with the test. */
export async function folderFor(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-records-'))
  atEnd(t, () => removeFolder(directory))
  return directory
}

/** An open log, closed with the test; while it is open the process stays. */
export async function logIn(t: TestContext, directory: string, options: Partial<LogOptions> = {}): Promise<RecordLog> {
  const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder', ...options })
  const stay = setInterval(() => {}, 1000)
  atEnd(t, async () => {
    clearInterval(stay)
    await log.close()
  })
  return log
}

/** Resolves when the log's health is as wanted. */
export function until(log: RecordLog, wanted: (health: Health) => boolean): Promise<Health> {
  if (wanted(log.health)) return Promise.resolve(log.health)
  return new Promise(resolve => {
    const end = log.onChange(health => {
      if (!wanted(health)) return
      end()
      resolve(health)
    })
  })
}

export async function entriesIn(directory: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readRecords(directory)) entries.push(entry)
  return entries
}

/** The machine's disk with some of it done differently. */
export function diskWith(changes: (real: Disk) => Partial<Disk>): Disk {
  return { ...disk, ...changes(disk) }
}
