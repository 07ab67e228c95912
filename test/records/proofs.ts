/** A log that is signed, sealed and witnessed, and somebody who can write to all of its folder. */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { LogOptions, RecordLog } from '../../gateway/records/log/log.ts'
import { type Notary, type NotaryOptions, startNotary } from '../../gateway/records/notary/notary.ts'
import { logSigner } from '../../gateway/records/proof/log-key.ts'
import { parseSigner, type Verifier } from '../../gateway/records/proof/note.ts'
import { type LogReport, nothingBrought, verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { atEnd, folderFor, logIn } from './folder.ts'

export const signer = logSigner('gw1-0', Buffer.alloc(32, 7))
export const otherSigner = logSigner('gw1-0', Buffer.alloc(32, 8))
export const keyOf = (text: string): Verifier => parseSigner(text)!.verifier

export type Signed = { readonly log: RecordLog; readonly notary: Notary; close(): Promise<void> }

/** Opens a log and its notary; `close` ends both in order, as does the test. */
export async function signedLog(
  t: TestContext,
  directory: string,
  options: Partial<LogOptions> & Partial<NotaryOptions> = {},
): Promise<Signed> {
  const log = await logIn(t, directory, options)
  const notary = await startNotary(log, { signer, ...options, directory })
  let closing: Promise<void> | null = null
  const close = () => (closing ??= notary.close().then(() => log.close()))
  atEnd(t, close)
  return { log, notary, close }
}

/** Appends so many records in batches of some, and lets the notary sign after each. */
export async function fill({ log, notary }: Signed, many: number, perBatch = 50): Promise<void> {
  for (let nth = 0; nth < many; nth += perBatch) {
    await log.append(Array.from({ length: Math.min(perBatch, many - nth) }, () => accessDraft()))
    await notary.settle()
  }
}

export type Sample = { readonly directory: string; readonly witness: string }

/** A folder with 700 records in several files, most of them sealed, witnessed by a folder; closed. */
export async function sample(t: TestContext, many = 700): Promise<Sample> {
  const base = await folderFor(t)
  const [directory, witness] = [join(base, 'records'), join(base, 'witness')]
  await mkdir(witness)
  const signed = await signedLog(t, directory, { fileBytes: 100_000, witnesses: [{ name: 'usb', folder: witness }] })
  await fill(signed, many)
  await signed.close()
  return { directory, witness }
}

export async function copyOf(t: TestContext, { directory, witness }: Sample): Promise<Sample> {
  const base = await folderFor(t)
  await cp(directory, join(base, 'records'), { recursive: true })
  await cp(witness, join(base, 'witness'), { recursive: true })
  return { directory: join(base, 'records'), witness: join(base, 'witness') }
}

/** What verify says of the log with this evidence from elsewhere. */
export async function verified(
  directory: string,
  {
    keys = [],
    witnessed = [],
    approvers = [],
    now = 0,
  }: { keys?: Verifier[]; witnessed?: string[]; approvers?: Verifier[]; now?: number } = {},
): Promise<LogReport> {
  const reports = await verifyFolder(directory, { brought: { ...nothingBrought, keys, witnessed, approvers }, now })
  return reports.find(report => report.log === 'gw1-0')!
}

export const codesOf = (report: LogReport): string[] => report.problems.map(problem => problem.code)
