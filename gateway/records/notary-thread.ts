/** The thread of notary.ts. It is told how far the log is durable, and tells what it has signed and sealed. */
import { parentPort, workerData } from 'node:worker_threads'
import { stepBackThread } from '../priority.ts'
import type { SealDraft } from './drafts.ts'
import { type FileOfLog, filesNow } from './files.ts'
import { Notarizing } from './notarizing.ts'
import type { Kept } from './proof/checkpoint.ts'
import { parseSigner } from './proof/note.ts'
import { ProofFolder } from './proof-folder.ts'
import { compress, dropDraft, replacePlain } from './sealing.ts'
import { type Durable, StoredRecords } from './stored-records.ts'
import type { WitnessSettings } from './witness-client.ts'
import type { Pace, WitnessState } from './witnesses.ts'
import { Witnesses } from './witnesses.ts'

export type NotaryData = {
  readonly directory: string
  readonly log: string
  /** `PRIVATE+KEY+...` */
  readonly signer: string
  readonly ends: readonly (readonly [number, number])[]
  readonly witnesses: readonly WitnessSettings[]
  readonly pace: Pace
}

export type ToNotary =
  | { readonly is: 'durable'; readonly durable: Durable; readonly ends: readonly (readonly [number, number])[] }
  | { readonly is: 'recorded'; readonly file: number }
  | { readonly is: 'stop'; readonly most: number }

/** `STORED_CHANGED`: what is stored is not what was written, or a checkpoint is another's. */
export type NotaryFault = 'STORED_CHANGED' | 'DISK'

export type FromNotary =
  | { readonly is: 'signed'; readonly size: number }
  | { readonly is: 'idle' }
  | { readonly is: 'fault'; readonly fault: NotaryFault; readonly file: number }
  | { readonly is: 'seal'; readonly draft: SealDraft }
  | { readonly is: 'sealed'; readonly file: number }
  | { readonly is: 'witnesses'; readonly states: readonly WitnessState[] }
  | { readonly is: 'stopped' }

stepBackThread()
const port = parentPort!
const { directory, log, signer: signerText, ends, witnesses: settings, pace } = workerData as NotaryData
const tell = (message: FromNotary): void => port.postMessage(message)

const signer = parseSigner(signerText)!
const folder = new ProofFolder(directory, log)
const stored = new StoredRecords(directory, log, new Map(ends))
let work: Notarizing | null = null
let witnesses: Witnesses | null = null
let broken = false
/** Of a file that is being sealed: it waits for its record. */
let sealing: { readonly file: FileOfLog; readonly draft: SealDraft } | null = null
const passedOver = new Set<number>()

function advance(durable: Durable): void {
  if (broken) return
  try {
    work ??= new Notarizing(folder, stored, signer)
    witnesses ??= new Witnesses(settings, folder, pace, states => tell({ is: 'witnesses', states }))
    const signed = work.sign(durable)
    if (signed !== null) tell({ is: 'signed', size: signed.size })
    sealNext(durable)
  } catch (error) {
    report(error)
  }
  offer()
}

/** Anything but a fault of the disk is for good: a wrong tree must not be signed, and trying again would not mend it. */
function report(error: unknown): void {
  const isDisk = typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string'
  broken ||= !isDisk || work !== null
  const file = (error as { file?: unknown } | null)?.file
  tell({ is: 'fault', fault: isDisk ? 'DISK' : 'STORED_CHANGED', file: typeof file === 'number' ? file : 0 })
}

function offer(): void {
  if (work?.latest && witnesses !== null)
    witnesses.offer({ signed: work.latest, tree: work.tree, verifier: signer.verifier }, performance.now())
}

/** The first file that is complete, read and not sealed yet. */
function sealNext(durable: Durable): void {
  if (sealing !== null) return
  const file = filesNow(directory, log).find(
    one => !one.sealed && one.number < durable.file && !passedOver.has(one.number),
  )
  if (file === undefined) return
  const draft = compress(file, stored.endOf(file.number))
  if (draft === null || draft.last >= durable.seq) passedOver.add(file.number)
  else {
    sealing = { file, draft }
    tell({ is: 'seal', draft })
  }
}

function finishSeal(number: number): void {
  if (sealing?.file.number !== number) return
  const { file, draft } = sealing
  sealing = null
  try {
    replacePlain(file.path)
    stored.isSealed(number)
    thin(draft)
    tell({ is: 'sealed', file: number })
  } catch {
    passedOver.add(number)
    tell({ is: 'fault', fault: 'DISK', file: number })
  }
}

/** Of the checkpoints in a sealed file the last stays; of those that were witnessed, the last of each witness. */
function thin({ first, last }: SealDraft): void {
  for (const name of ['checkpoints', 'witnessed'] as const) {
    const { kept } = folder.notes(name)
    const newest = new Map<string, Kept>()
    for (const one of kept) if (isIn(one)) newest.set(signersOf(one), one)
    const left = kept.filter(one => !isIn(one) || newest.get(signersOf(one)) === one)
    if (left.length < kept.length) folder.replaceNotes(name, left)
  }
  function isIn({ checkpoint }: Kept): boolean {
    return checkpoint !== null && checkpoint.size > first && checkpoint.size <= last + 1
  }
}

function signersOf({ bytes }: Kept): string {
  return (bytes.toString('utf8').match(/^\u2014 \S+/gmu) ?? []).join()
}

port.on('message', (message: ToNotary) => {
  if (message.is === 'durable') {
    for (const [file, size] of message.ends) stored.endsAt(file, size)
    advance(message.durable)
    tell({ is: 'idle' })
  } else if (message.is === 'recorded') finishSeal(message.file)
  else void stop(message.most)
})

async function stop(most: number): Promise<void> {
  if (work?.latest && witnesses !== null)
    await witnesses.finish({ signed: work.latest, tree: work.tree, verifier: signer.verifier }, most)
  if (sealing !== null) dropDraft(sealing.file.path)
  work?.end()
  tell({ is: 'stopped' })
  port.close()
}
