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
import type { KeyRing } from '../contracts.ts'

const seal = 'seal'
const link = 'in-force'
const purpose = 'policy in force'

/** Where snapshots are, under the keys folder; `in-force` in it is the one that is. */
export function snapshotFolder(keys: string): string {
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

/** Copies the files of a policy folder; `isSame` says of the copy whether it is the policy meant. Throws where it is not. */
export function keepSnapshot(
  keys: string,
  ring: KeyRing,
  { digest, from, isSame }: { digest: string; from: string; isSame: (folder: string) => boolean },
): void {
  const root = snapshotFolder(keys)
  const name = digest.slice('sha256:'.length)
  if (isKept(keys, ring, digest)) return
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const [folder, making] = [join(root, name), join(root, `${name}.making`)]
  for (const path of [making, folder]) rmSync(path, { recursive: true, force: true })
  mkdirSync(join(making, 'systems'), { recursive: true, mode: 0o700 })
  for (const file of policyFiles(from))
    writeFileSync(join(making, file), readFileSync(join(from, file)), { mode: 0o600 })
  if (!isSame(making)) throw new Error('the policy folder has changed meanwhile')
  writeFileSync(join(making, seal), sealOf(making, name, ring), { mode: 0o600 })
  renameSync(making, folder)
  rmSync(join(root, `${link}.making`), { force: true })
  symlinkSync(name, join(root, `${link}.making`))
  renameSync(join(root, `${link}.making`), join(root, link))
  for (const old of readdirSync(root)) if (old !== name && old !== link) rmSync(join(root, old), { recursive: true })
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
