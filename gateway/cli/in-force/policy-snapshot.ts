/**
 * The policy in force, kept where who edits policies does not write: in the keys folder, by its digest. By it a gateway
 * knows, also after a start, what it served under before, and what a changed policy would show more of.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type { NamedText } from '../../access/key-bundle.ts'
import type { KeyRing } from '../../contracts.ts'
import { beganAt, beginNow } from './since.ts'

const seal = 'seal'
const link = 'in-force'
const purpose = 'policy in force'

/** Where snapshots are, under the keys folder; `in-force` in it is the one that is. */
function snapshotFolder(keys: string): string {
  return join(keys, 'policies')
}

/** The folder of the policy in force, as a policy folder. Workers load from it. */
export function folderInForce(keys: string): string {
  return join(snapshotFolder(keys), link)
}

/**
 * The digest of the policy that was in force last, and its folder; null where none was kept yet. Throws an Error where it
 * was changed or cannot be read.
 */
export function readSnapshot(keys: string, ring: KeyRing): { readonly digest: string; readonly folder: string } | null {
  const root = snapshotFolder(keys)
  if (!existsSync(root)) return null
  const name = basename(readlinkSync(join(root, link)))
  const folder = join(root, name)
  const written = readFileSync(join(folder, seal))
  const made = Buffer.from(sealOf(folder, name, ring))
  if (written.length !== made.length || !timingSafeEqual(written, made)) throw new Error('the kept policy was changed')
  return { digest: `sha256:${name}`, folder }
}

/**
 * Since when a kept policy is in force: milliseconds since 1970. Of any other folder nobody knows, which counts as not yet: so
 * that no signature is taken for one that was made since.
 */
export function inForceSince(folder: string): number {
  return beganAt(join(folder, seal))
}

/** Copies the files of a policy folder; `isSame` says of the copy whether it is the policy meant. Throws where it is not. */
export function keepSnapshot(
  keys: string,
  ring: KeyRing,
  { digest, from, isSame }: { digest: string; from: string; isSame: (folder: string) => boolean },
): void {
  const name = digest.slice('sha256:'.length)
  if (isKept(keys, ring, digest)) return
  const files = policyFiles(from).map(file => [file, readFileSync(join(from, file))] as const)
  place(keys, name, files, making => {
    if (!isSame(making)) throw new Error('the policy folder has changed meanwhile')
    writeFileSync(join(making, seal), sealOf(making, name, ring), { mode: 0o600 })
  })
}

/** Puts files in the place of what was kept, whole or not at all; `finish` makes the rest in the folder that they are in. */
function place(
  keys: string,
  name: string,
  files: readonly (readonly [file: string, bytes: Uint8Array | string])[],
  finish: (making: string) => void,
): void {
  const root = snapshotFolder(keys)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const [folder, making] = [join(root, name), join(root, `${name}.making`)]
  for (const path of [making, folder]) rmSync(path, { recursive: true, force: true })
  mkdirSync(join(making, 'systems'), { recursive: true, mode: 0o700 })
  for (const [file, bytes] of files) writeFileSync(join(making, file), bytes, { mode: 0o600 })
  finish(making)
  beginNow(join(making, seal))
  renameSync(making, folder)
  rmSync(join(root, `${link}.making`), { force: true })
  symlinkSync(name, join(root, `${link}.making`))
  renameSync(join(root, `${link}.making`), join(root, link))
  for (const old of readdirSync(root)) if (old !== name && old !== link) rmSync(join(root, old), { recursive: true })
}

/** The files of the policy in force as they are, by their paths under the keys folder; none, where none was kept. Throws an Error. */
export function exportSnapshot(keys: string): NamedText[] {
  const root = snapshotFolder(keys)
  if (!existsSync(root)) return []
  const name = basename(readlinkSync(join(root, link)))
  const files = [...policyFiles(join(root, name)), seal]
  return files.map(file => [`policies/${name}/${file}`, readFileSync(join(root, name, file), 'utf8')])
}

const exported = /^policies\/([0-9a-f]{64})\/(seal|catalogue\.yaml|audiences\.yaml|systems\/[^./\\\0][^/\\\0]*\.yaml)$/

export function isOfSnapshot(name: string): boolean {
  return exported.test(name)
}

/**
 * Puts exported files back, where nothing is in force; returns whether it did. Their seal is looked at when the gateway starts.
 * Throws an Error.
 */
export function importSnapshot(keys: string, texts: readonly NamedText[]): boolean {
  const [first] = texts
  if (first === undefined || existsSync(snapshotFolder(keys))) return false
  const name = exported.exec(first[0])![1]!
  const files = texts.map(([path, text]) => [exported.exec(path)![2]!, text] as const)
  place(keys, name, files, () => {})
  return true
}

function isKept(keys: string, ring: KeyRing, digest: string): boolean {
  try {
    return readSnapshot(keys, ring)?.digest === digest
  } catch {
    return false
  }
}

/** What load.ts reads of a folder. */
function policyFiles(folder: string): string[] {
  const systems = join(folder, 'systems')
  const listed = existsSync(systems) ? readdirSync(systems).filter(name => /^[^.].*\.yaml$/.test(name)) : []
  return [
    ...['catalogue.yaml', 'audiences.yaml'].filter(name => existsSync(join(folder, name))),
    ...listed.map(name => join('systems', name)),
  ].sort()
}

/** Over names and contents, under a key of the gateway. */
function sealOf(folder: string, name: string, ring: KeyRing): string {
  const mac = createHmac('sha256', ring.secret(purpose)).update(`${name}\n`)
  for (const file of policyFiles(folder)) {
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
    mac.update(`${file} ${hash}\n`)
  }
  return mac.digest('base64url')
}
