/** Has the gateway's log signed, sealed and witnessed while it serves: puts key, configuration and words to the notary. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyFolder } from '../../access/keys.ts'
import type { Config } from '../../config/config.ts'
import type { OperationalLog } from '../../log.ts'
import { fileName } from '../../records/files/files.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { type Notary, startNotary } from '../../records/notary/notary.ts'
import { logSigner } from '../../records/proof/log-key.ts'
import { parseSigner } from '../../records/proof/note.ts'
import type { AskDraft, SealerState } from '../../records/sealing/sealer.ts'
import type { WitnessState } from '../../records/witness/witnesses.ts'
import { logSecret, memoryIn } from '../keys/installed.ts'

/** One log per process; `gw1` is the node, `0` its first worker. */
export const logName = 'gw1-0'

const words = {
  STORED_CHANGED: {
    zh: '磁盘上的访问记录与写入时不同，或由另一密钥签署；不再签署检查点。请运行 veilgate records verify，并保留目录原样',
    en: 'the records on disk are not what was written, or are signed by another key: no checkpoint is signed any more. Run veilgate records verify, and keep the folder as it is',
  },
  DISK: {
    zh: '检查点无法写入磁盘；稍后再试',
    en: 'checkpoints cannot be written to the disk; trying again',
  },
  signs: { zh: '检查点又已写入磁盘', en: 'checkpoints are written to the disk again' },
  grave: {
    zh: '见证方所见与本日志不符：记录可能被截去或重写。请保留目录原样，并用 --witness 核验',
    en: 'a witness has seen another log than this: records may have been cut off or written anew. Keep the folder as it is, and verify with --witness',
  },
  away: { zh: '见证方暂时没有接受检查点；稍后再试', en: 'a witness did not take a checkpoint; trying again' },
  back: { zh: '见证方已接受检查点', en: 'a witness takes checkpoints again' },
  wentBack: {
    zh: '密钥目录记得的访问记录比 records 目录中的多，或与之不同：记录被截去、改写，或放回了较旧的副本。veilgate records verify 写明缺哪些；能找回的请停机放回。确已找不回的，留存此日志，再删除密钥目录中 checkpoints 下该日志的文件，此后不再提示',
    en: 'the keys folder remembers more access records than there are, or others: they were cut off, written anew, or an older copy was put back. veilgate records verify says which are missing; stop, and put back what there is. Where they are gone for good, keep this message, then remove the file of this log under checkpoints in the keys folder: until then it is told at each start',
  },
  forgetful: {
    zh: '无法在密钥目录的 checkpoints 中记下记录写到了哪里；稍后再试',
    en: 'how far the records go cannot be noted under checkpoints in the keys folder; trying again',
  },
  remembers: { zh: '密钥目录又记下了记录写到哪里', en: 'how far the records go is noted in the keys folder again' },
  unsealed: {
    zh: '一个已写满的记录文件无法封存，保持原样，稍后再试；请查看磁盘，并运行 veilgate records verify',
    en: 'a full log file could not be sealed: it stays as it is, and is tried again later. See to the disk, and run veilgate records verify',
  },
  behind: {
    zh: '等待封存的记录文件过多：空闲时封存的进程得不到时间或已结束，改由网关自行封存，会占用一些 CPU',
    en: 'many full log files wait to be sealed: the process that does so when nobody else would run gets no time, or has ended. The gateway seals them itself, which takes some of its CPU',
  },
  current: { zh: '写满的记录文件已全部封存', en: 'all full log files are sealed' },
  THREAD: {
    zh: '签署检查点的线程中止；重启网关以恢复',
    en: 'the thread that signs checkpoints has ended; restart the gateway to have it again',
  },
}

/** Of each file that cannot be sealed, again where it still cannot; that sealing cannot wait, once until it can. */
function tellSealer(name: string, log: OperationalLog): (state: SealerState) => void {
  return ({ is, file }) => {
    if (is === 'failed') log.error(words.unsealed, { file: fileName(name, file) })
    else if (is === 'behind') log.warn(words.behind)
    else log.info(words.current)
  }
}

/** What concerns the log itself is said each time it is found; that one does not answer, once until it does. */
function tellWitnesses(log: OperationalLog): (states: readonly WitnessState[]) => void {
  const faults = new Map<string, string | null>()
  return states => {
    for (const { name, fault } of states) {
      if (fault !== null && faults.get(name) !== fault)
        log[isGrave(fault) ? 'error' : 'warn'](isGrave(fault) ? words.grave : words.away, {
          code: fault,
          consumer: name,
        })
      else if (fault === null && faults.get(name)) log.info(words.back, { consumer: name })
      faults.set(name, fault)
    }
  }
}

/** Once for each fault, until it is another. */
function tellMemory(log: OperationalLog): (fault: string | null) => void {
  let told: string | null = null
  return fault => {
    if (fault === told) return
    if (fault === null) log.info(words.remembers)
    else if (isGrave(fault)) log.error(words.wentBack, { code: fault })
    else log.warn(words.forgetful, { code: fault })
    told = fault
  }
}

function isGrave(fault: string): boolean {
  return fault === 'AHEAD' || fault === 'FORKED'
}

export type Notarized = {
  readonly config: Config
  readonly keys: KeyFolder
  readonly records: RecordLog
  readonly log: OperationalLog
  readonly askDraft: AskDraft | undefined
}

/** Where it is remembered how far records went; made where it is not there yet. One that cannot be made is told of by who writes there. */
async function memoryOf(keys: string): Promise<string> {
  const folder = memoryIn(keys)
  await mkdir(folder, { mode: 0o700 }).catch(() => {})
  return folder
}

export async function notarize({ config, keys, records, log, askDraft }: Notarized): Promise<Notary> {
  const secret = logSecret(records.log)
  const isNew = !existsSync(join(config.keys, `${secret}.secret`))
  const signer = logSigner(records.log, Buffer.from(await keys.shared(secret), 'base64url'))
  const name = parseSigner(signer)!.verifier.text
  if (isNew) await records.append([{ kind: 'key', action: 'made', purpose: 'log', name, operator: null }])
  return startNotary(records, {
    directory: config.records,
    signer,
    witnesses: config.witnesses,
    memory: await memoryOf(config.keys),
    onFault: fault => (fault === null ? log.info(words.signs) : log.error(words[fault], { code: fault })),
    onWitnesses: tellWitnesses(log),
    onMemory: tellMemory(log),
    onSealer: tellSealer(records.log, log),
    ...(askDraft !== undefined && { askDraft }),
  })
}
