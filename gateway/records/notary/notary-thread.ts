/** The thread of notary.ts. It is told how far the log is durable, and tells what it has signed and sealed. */
import { parentPort, workerData } from 'node:worker_threads'
import { stepBackThread } from '../../priority.ts'
import type { SealDraft } from '../drafts.ts'
import { bytesLeft } from '../log/space.ts'
import { parseSigner } from '../proof/note.ts'
import { type DraftAnswer, type DraftRequest, type SealBacklog, Sealer, type SealerState } from '../sealing/sealer.ts'
import type { WitnessSettings } from '../witness/client.ts'
import type { Pace, WitnessState } from '../witness/witnesses.ts'
import { Witnesses } from '../witness/witnesses.ts'
import { Notarizing } from './notarizing.ts'
import { ProofFolder } from './proof-folder.ts'
import { type Durable, StoredRecords } from './stored-records.ts'

export type NotaryData = {
  readonly directory: string
  readonly log: string
  /** `PRIVATE+KEY+...` */
  readonly signer: string
  readonly ends: readonly (readonly [number, number])[]
  readonly witnesses: readonly WitnessSettings[]
  readonly memory: WitnessSettings | null
  readonly pace: Pace
  /** Somebody else makes the drafts of sealed files. */
  readonly asksDrafts: boolean
}

export type ToNotary =
  | { readonly is: 'durable'; readonly durable: Durable; readonly ends: readonly (readonly [number, number])[] }
  | { readonly is: 'drafted'; readonly answer: DraftAnswer }
  /** The seal of a file is on record; or could not be put there. */
  | { readonly is: 'recorded'; readonly file: number; readonly isRecorded: boolean }
  | { readonly is: 'stop'; readonly most: number }

/** `STORED_CHANGED`: what is stored is not what was written, or a checkpoint is another's. */
export type NotaryFault = 'STORED_CHANGED' | 'DISK'

export type FromNotary =
  | { readonly is: 'signed'; readonly size: number }
  | { readonly is: 'idle' }
  | { readonly is: 'fault'; readonly fault: NotaryFault }
  | { readonly is: 'ask'; readonly request: DraftRequest }
  | { readonly is: 'seal'; readonly draft: SealDraft }
  | { readonly is: 'sealer'; readonly state: SealerState }
  | { readonly is: 'backlog'; readonly backlog: SealBacklog }
  | { readonly is: 'witnesses'; readonly states: readonly WitnessState[] }
  | { readonly is: 'memory'; readonly states: readonly WitnessState[] }
  | { readonly is: 'stopped' }

stepBackThread()
const port = parentPort!
const {
  directory,
  log,
  signer: signerText,
  ends,
  witnesses: settings,
  memory: remembers,
  pace,
  asksDrafts,
} = workerData as NotaryData
const tell = (message: FromNotary): void => port.postMessage(message)

const signer = parseSigner(signerText)!
const folder = new ProofFolder(directory, log)
const stored = new StoredRecords(directory, log, new Map(ends))
let work: Notarizing | null = null
let witnesses: Witnesses | null = null
let memory: Witnesses | null = null
let broken = false
/** Milliseconds after a fault of the disk in which nothing is tried. */
const pause = 500
let notBefore = 0
const sealer = new Sealer({
  ...{ directory, log, stored, folder },
  room: () => bytesLeft(directory),
  ask: asksDrafts ? request => tell({ is: 'ask', request }) : null,
  record: draft => tell({ is: 'seal', draft }),
  tell: state => tell({ is: 'sealer', state }),
  count: backlog => tell({ is: 'backlog', backlog }),
})

function advance(durable: Durable): void {
  if (broken || performance.now() < notBefore) return
  try {
    work ??= new Notarizing(folder, stored, signer)
    witnesses ??= new Witnesses(settings, folder, pace, states => tell({ is: 'witnesses', states }))
    if (remembers !== null)
      memory ??= new Witnesses([remembers], folder, pace, states => tell({ is: 'memory', states }))
    const signed = work.sign(durable)
    if (signed !== null) tell({ is: 'signed', size: signed.size })
    sealer.next(durable)
  } catch (error) {
    report(error)
  }
  offer()
}

/**
 * After a fault of the disk it goes on from what the disk has, as after a start: half of a batch may be in the tree. Anything
 * else is for good: a wrong tree must not be signed, and trying again would not mend it.
 */
function report(error: unknown): void {
  const isDisk = typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string'
  if (isDisk) {
    work = null
    stored.forget()
    notBefore = performance.now() + pause
  } else {
    broken = true
    sealer.stop()
  }
  tell({ is: 'fault', fault: isDisk ? 'DISK' : 'STORED_CHANGED' })
}

function offer(): void {
  if (!work?.latest) return
  const latest = { signed: work.latest, tree: work.tree, verifier: signer.verifier }
  witnesses?.offer(latest, performance.now())
  memory?.offer(latest, performance.now())
}

port.on('message', (message: ToNotary) => {
  if (message.is === 'durable') {
    for (const [file, size] of message.ends) stored.endsAt(file, size)
    advance(message.durable)
    tell({ is: 'idle' })
  } else if (message.is === 'drafted') sealer.drafted(message.answer)
  else if (message.is === 'recorded') sealer.recorded(message.file, message.isRecorded)
  else void stop(message.most)
})

async function stop(most: number): Promise<void> {
  if (work?.latest) {
    const latest = { signed: work.latest, tree: work.tree, verifier: signer.verifier }
    await Promise.all([witnesses?.finish(latest, most), memory?.finish(latest, most)])
  }
  sealer.stop()
  work?.end()
  tell({ is: 'stopped' })
  port.close()
}
