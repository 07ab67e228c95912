/**
 * Hands checkpoints to those outside the folder who remember them: a folder on another disk or machine, or an address
 * that speaks c2sp.org/tlog-witness. None of them is waited for when serving; each is tried again, ever more rarely.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LogTree, Signed } from '../notary/notarizing.ts'
import { syncFolderNow } from '../notary/proof-folder.ts'
import { keepNote, readKept } from '../proof/checkpoint.ts'
import { openNote, parseSignature, parseVerifier, type Verifier } from '../proof/note.ts'
import { consistencyProof, Tree } from '../proof/tree.ts'

/** As gateway.yaml names it. `key`: the witness's verifier key, `NAME+ID+BASE64`. */
export type WitnessSettings =
  | { readonly name: string; readonly folder: string; readonly onlyLatest?: boolean }
  | { readonly name: string; readonly url: string; readonly key: string }

/**
 * `AHEAD`: it has seen more than there is: records were taken away. `FORKED`: it has seen something else at that size.
 * Both mean that somebody wrote this log anew. The others pass.
 */
export type WitnessFault = 'AHEAD' | 'FORKED' | 'UNREACHABLE' | 'REFUSED' | 'ANSWER_WRONG'

export class WitnessRefusal extends Error {
  readonly fault: WitnessFault

  constructor(fault: WitnessFault) {
    super(fault)
    this.name = 'WitnessRefusal'
    this.fault = fault
  }
}

/** What to hand over, and where the proofs for it come from. */
export type Offer = { readonly signed: Signed; readonly tree: LogTree; readonly verifier: Verifier }

export type WitnessClient = {
  readonly name: string
  /** Records under the last checkpoint it has taken. */
  readonly seen: number
  /** Resolves when it has taken the checkpoint and keeps it. Throws WitnessRefusal. */
  offer(offer: Offer): Promise<void>
}

export function witnessClient(settings: WitnessSettings): WitnessClient {
  return 'folder' in settings ? new FolderWitness(settings) : new HttpWitness(settings)
}

/** What a checkpoint file of this origin is called in a folder of them. */
export function witnessFileName(origin: string): string {
  return `${origin.replace(/[^A-Za-z0-9.-]/g, '_')}.checkpoints`
}

const historyEvery = 3_600_000
/** So many are kept: the file is read and written whole each time, for years. */
const mostHistory = 512

/** Where there are too many, of the older half every other one goes: the last covers all that they did. */
function thinned<One>(history: readonly One[]): readonly One[] {
  if (history.length <= mostHistory) return history
  return history.filter((_, at) => at >= history.length / 2 || at % 2 === 0)
}

/** One checkpoint an hour is kept, fewer of those long ago, and the latest. */
class FolderWitness implements WitnessClient {
  readonly name: string
  seen = 0
  readonly #folder: string
  readonly #onlyLatest: boolean
  #keptAt = Number.NEGATIVE_INFINITY

  constructor({ name, folder, onlyLatest = false }: { name: string; folder: string; onlyLatest?: boolean }) {
    this.name = name
    this.#folder = folder
    this.#onlyLatest = onlyLatest
  }

  async offer({ signed, tree, verifier }: Offer): Promise<void> {
    try {
      this.#keep(signed, tree, verifier)
    } catch (error) {
      if (error instanceof WitnessRefusal) throw error
      throw new WitnessRefusal('UNREACHABLE')
    }
  }

  #keep(signed: Signed, tree: LogTree, verifier: Verifier): void {
    // A mount that is not there leaves an empty folder, or none: it is not made, so that this shows.
    if (!statSync(this.#folder).isDirectory()) throw new WitnessRefusal('UNREACHABLE')
    const path = join(this.#folder, witnessFileName(signed.origin))
    const { kept } = readKept(existsSync(path) ? readFileSync(path) : Buffer.alloc(0))
    const last = kept.at(-1)
    if (last !== undefined) {
      if (last.checkpoint === null || openNote(last.bytes, [verifier]) === null) throw new WitnessRefusal('FORKED')
      const { size, root } = last.checkpoint
      if (size > signed.size) throw new WitnessRefusal('AHEAD')
      if (!Tree.resume(size, tree.nodes(signed.size)).root().equals(root)) throw new WitnessRefusal('FORKED')
    }
    const now = performance.now()
    const isDue = !this.#onlyLatest && now - this.#keptAt >= historyEvery
    const history = thinned(isDue ? kept : kept.slice(0, -1))
    if (isDue) this.#keptAt = now
    const text = Buffer.concat([
      ...history.flatMap(one => [one.bytes, Buffer.from('\n')]),
      Buffer.from(keepNote(signed.note)),
    ])
    replaceFile(path, text)
    this.seen = signed.size
  }
}

/** Written whole and synced under another name, then put in its place. */
export function replaceFile(path: string, bytes: Buffer): void {
  const draft = `${path}.new`
  const file = openSync(draft, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  syncFolderNow(dirname(path))
}

const deadline = 10_000
const mostAnswer = 64 * 1024

class HttpWitness implements WitnessClient {
  readonly name: string
  seen = 0
  readonly #url: string
  readonly #verifier: Verifier

  constructor({ name, url, key }: { name: string; url: string; key: string }) {
    const verifier = parseVerifier(key)
    if (verifier === null) throw new TypeError('not a verifier key')
    this.name = name
    this.#url = `${url.replace(/\/$/, '')}/add-checkpoint`
    this.#verifier = verifier
  }

  async offer({ signed, tree }: Offer): Promise<void> {
    let answer = await this.#post(signed, tree)
    if (answer.status === 409) {
      const size = Number(/^(0|[1-9]\d{0,15})\n$/.exec(answer.text)?.[1] ?? Number.NaN)
      if (!Number.isSafeInteger(size)) throw new WitnessRefusal('ANSWER_WRONG')
      if (size > signed.size) throw new WitnessRefusal('AHEAD')
      if (size === this.seen) throw new WitnessRefusal('FORKED')
      this.seen = size
      answer = await this.#post(signed, tree)
    }
    if (answer.status === 422 || answer.status === 409) throw new WitnessRefusal('FORKED')
    if (answer.status !== 200) throw new WitnessRefusal('REFUSED')
    const lines = answer.text.split('\n').map(parseSignature)
    const mine = lines.filter(line => line?.name === this.#verifier.name && line.id.equals(this.#verifier.id))
    const note = `${signed.note}${mine
      .slice(0, 1)
      .map(line => `${line!.line}\n`)
      .join('')}`
    if (openNote(Buffer.from(note), [this.#verifier]) === null) throw new WitnessRefusal('ANSWER_WRONG')
    tree.folder.addNote('witnessed', note)
    this.seen = signed.size
  }

  async #post(signed: Signed, tree: LogTree): Promise<{ status: number; text: string }> {
    const proof = consistencyProof(tree.nodes(signed.size), this.seen, signed.size)
    const lines = proof.map(hash => `${hash.toString('base64')}\n`).join('')
    try {
      const answer = await fetch(this.#url, {
        method: 'POST',
        body: `old ${this.seen}\n${lines}\n${signed.note}`,
        redirect: 'error',
        signal: AbortSignal.timeout(deadline),
      })
      return { status: answer.status, text: await textOf(answer) }
    } catch (error) {
      throw error instanceof WitnessRefusal ? error : new WitnessRefusal('UNREACHABLE')
    }
  }
}

async function textOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    parts.push(part)
    size += part.length
    if (size > mostAnswer) throw new WitnessRefusal('ANSWER_WRONG')
  }
  return Buffer.concat(parts).toString('utf8')
}
