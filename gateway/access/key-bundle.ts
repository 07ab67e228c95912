/**
 * A keys folder as one file that can be kept elsewhere: every secret in it, encrypted under a passphrase. The key comes
 * from scrypt (RFC 7914), the cipher is AES-256-GCM (SP 800-38D) or SM4-GCM (GB/T 32907); what stands in the open is
 * authenticated along.
 */
import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyFault, makeKeyFile, makeKeyFolder, readKeyFile } from './key-files.ts'

export const bundleCiphers = { 'aes-256-gcm': 32, 'sm4-gcm': 16 } as const
export type BundleCipher = keyof typeof bundleCiphers

/** Characters of a passphrase: shorter ones are soon tried out, whatever each try costs. */
export const shortestPassphrase = 12
/** Bytes of a bundle: hundreds of keys, and policies of hundreds of systems. */
export const largestBundle = 64 * 1_048_576

/** Doublings of scrypt's cost: 17 is 128 MiB and about half a second a try (OWASP). Less or more than these is no bundle of ours. */
const usualWork = 17
const works: readonly number[] = [14, 15, 16, 17, 18, 19, 20]
const fileName = /^[\p{L}\p{N}._-]{1,140}\.(?:secret|key)$/u

/** A file's name, with its path from the keys folder, and what it says. */
export type NamedText = readonly [name: string, text: string]

/** The passphrase is not the one, or the file is no bundle or has been changed: nobody can tell which. */
export class BundleFault extends Error {}

/** Reads every secret of the folder and returns the bundle's text, and how many are in it; `beside`: what goes with them. */
export async function exportKeys(
  directory: string,
  passphrase: string,
  cipher: BundleCipher,
  { work = usualWork, beside = [] }: { readonly work?: number; readonly beside?: readonly NamedText[] } = {},
): Promise<{ bundle: string; count: number }> {
  const files: NamedText[] = []
  for (const name of (await readdir(directory)).sort()) {
    const text = fileName.test(name) ? await readKeyFile(join(directory, name)) : null
    if (text !== null) files.push([name, text])
  }
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const head = { veilgate: 'keys', v: 1, kdf: 'scrypt', work, r: 8, p: 1, cipher }
  const open = JSON.stringify({ ...head, salt: salt.toString('base64'), nonce: nonce.toString('base64') })
  const sealing = createCipheriv(cipher as 'aes-256-gcm', await derive(passphrase, salt, cipher, work), nonce)
  sealing.setAAD(Buffer.from(open))
  const sealed = Buffer.concat([
    sealing.update(JSON.stringify([...files, ...beside]), 'utf8'),
    sealing.final(),
    sealing.getAuthTag(),
  ])
  return { bundle: `${open}\n${sealed.toString('base64')}\n`, count: files.length }
}

/**
 * Writes the secrets of a bundle into a folder; files that are there already and say the same stay. Nothing is written
 * where one says something else: `differing` then names those. `beside`: what went with them, not written yet. Throws
 * BundleFault; what `isBeside` does not know is no bundle of ours.
 */
export async function importKeys(
  directory: string,
  passphrase: string,
  bundle: string,
  isBeside: (name: string) => boolean = () => false,
): Promise<{ written: readonly string[]; beside: readonly NamedText[] } | { differing: readonly string[] }> {
  const all = await openBundle(bundle, passphrase)
  const files = all.filter(([name]) => fileName.test(name))
  const beside = all.filter(([name]) => !fileName.test(name))
  if (!beside.every(([name]) => isBeside(name))) throw new BundleFault('not opened')
  await makeKeyFolder(directory)
  const differing: string[] = []
  const missing: NamedText[] = []
  for (const [name, text] of files) {
    const found = await readKeyFile(join(directory, name))
    if (found === null) missing.push([name, text])
    else if (found !== text) differing.push(name)
  }
  if (differing.length > 0) return { differing }
  for (const [name, text] of missing) {
    if (!(await makeKeyFile(join(directory, name), text))) return { differing: [name] }
  }
  return { written: missing.map(([name]) => name), beside }
}

async function openBundle(bundle: string, passphrase: string): Promise<readonly NamedText[]> {
  const [open = '', sealed = ''] = bundle.split('\n')
  try {
    const head = JSON.parse(open) as Record<string, unknown>
    const { work, cipher, salt, nonce } = head
    const known = { veilgate: 'keys', v: 1, kdf: 'scrypt', work, r: 8, p: 1, cipher, salt, nonce }
    // any other cost could be one that never ends
    if (!isWork(work) || !isCipher(cipher) || JSON.stringify(known) !== open) throw new BundleFault()
    const bytes = Buffer.from(sealed, 'base64')
    const key = await derive(passphrase, Buffer.from(String(salt), 'base64'), cipher, work)
    const options = { authTagLength: 16 }
    const iv = Buffer.from(String(nonce), 'base64')
    const opening = createDecipheriv(cipher as 'aes-256-gcm', key, iv, options)
    opening.setAAD(Buffer.from(open))
    opening.setAuthTag(bytes.subarray(-16))
    const text = Buffer.concat([opening.update(bytes.subarray(0, -16)), opening.final()]).toString('utf8')
    const files = JSON.parse(text) as NamedText[]
    if (!files.flat().every(part => typeof part === 'string')) throw new BundleFault()
    return files
  } catch (error) {
    if (error instanceof KeyFault) throw error
    // words of a parser or cipher can quote what they were given
    throw new BundleFault('not opened')
  }
}

function isCipher(name: unknown): name is BundleCipher {
  return typeof name === 'string' && Object.hasOwn(bundleCiphers, name)
}

function isWork(work: unknown): work is number {
  return typeof work === 'number' && works.includes(work)
}

function derive(passphrase: string, salt: Buffer, cipher: BundleCipher, work: number): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** work, r: 8, p: 1, maxmem: 2 ** (work + 11) }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, bundleCiphers[cipher], options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
