/** Secrets on disk: one file each in the keys folder, made at first use, readable by nobody but the gateway's user. */
import { hkdfSync, randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { chmod, link, mkdir, open, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bilingual, KeyRing } from '../contracts.ts'

export type KeyFolder = {
  /** Secrets derived from the master key by purpose. */
  readonly ring: KeyRing
  /** Whether the master key did not exist before: then an entry of kind `key` is due. */
  readonly made: boolean
  /**
   * A secret that others must know too, as text of 43 characters (256 bits): the file `NAME.secret`, so that whoever
   * sets up the other side can read it there. `name` is of letters, digits, `.`, `_` and `-`.
   */
  shared(name: string): Promise<string>
}

/** A key that cannot be used, or must not be. The words name the file, and never what is in it. */
export class KeyFault extends Error {
  readonly words: Bilingual

  constructor(words: Bilingual) {
    super(words.en)
    this.name = 'KeyFault'
    this.words = words
  }
}

/**
 * Opens the keys folder; makes it (0700) and the master key (0600) where there is none. Throws KeyFault where a file is
 * readable by group or others, damaged, or cannot be read or made.
 */
export async function openKeys(directory: string): Promise<KeyFolder> {
  await makeFolder(directory)
  const { secret, made } = await readOrMake(join(directory, 'master.secret'))
  return {
    ring: keyRing(secret),
    made,
    async shared(name) {
      if (!/^[\p{L}\p{N}._-]{1,128}$/u.test(name)) throw new TypeError('not a name of a secret')
      return (await readOrMake(join(directory, `${name}.secret`))).secret.toString('base64url')
    },
  }
}

/** The keys of one master key (32 bytes): HKDF-SHA-256 (RFC 5869) with the purpose as `info`. */
export function keyRing(master: Uint8Array): KeyRing {
  return { secret: purpose => new Uint8Array(hkdfSync('sha256', master, 'veilgate key ring v1', purpose, 32)) }
}

async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new KeyFault(words.unmakeable(directory, codeOf(error)))
  }
  const found = await stat(directory)
  if (!found.isDirectory()) throw new KeyFault(words.unmakeable(directory, 'ENOTDIR'))
  if (looser(found, 0o022)) throw new KeyFault(words.folderOpen(directory))
}

async function readOrMake(path: string): Promise<{ secret: Buffer; made: boolean }> {
  const found = await read(path)
  if (found !== null) return { secret: found, made: false }
  const made = await make(path)
  // Somebody else may have made it at the same moment: what is on disk counts.
  const secret = await read(path)
  if (secret === null) throw new KeyFault(words.unreadable(path, 'ENOENT'))
  return { secret, made }
}

/** A link of a mounted secret is followed: it is the file behind it that must be closed to others. */
async function read(path: string): Promise<Buffer | null> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new KeyFault(words.unreadable(path, codeOf(error)))
  }
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > 1024) throw new KeyFault(words.damaged(path))
    if (looser(found, 0o077)) throw new KeyFault(words.fileOpen(path))
    const text = (await file.readFile('latin1')).trimEnd()
    const secret = Buffer.from(text, 'base64url')
    if (secret.length !== 32 || secret.toString('base64url') !== text) throw new KeyFault(words.damaged(path))
    return secret
  } finally {
    await file.close()
  }
}

/** Written whole and synced under another name, then linked: after a crash there is a whole key or none. */
async function make(path: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await chmod(draft, 0o600)
    await link(draft, path)
    await syncFolder(join(path, '..'))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw new KeyFault(words.unmakeable(path, codeOf(error)))
  } finally {
    await unlink(draft).catch(() => {})
  }
}

async function syncFolder(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function looser(found: Stats, bits: number): boolean {
  return process.platform !== 'win32' && (found.mode & bits) !== 0
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return typeof code === 'string' ? code : 'unknown'
}

const words = {
  unmakeable: (path: string, code: string): Bilingual => ({
    zh: `无法创建 ${path}（${code}）。请检查该位置的权限与磁盘空间，或在 gateway.yaml 的 keys 中另选位置。`,
    en: `Cannot make ${path} (${code}). Check permissions and disk space there, or name another place under \`keys\` in gateway.yaml.`,
  }),
  unreadable: (path: string, code: string): Bilingual => ({
    zh: `无法读取密钥文件 ${path}（${code}）。它必须属于运行网关的用户。`,
    en: `Cannot read the key file ${path} (${code}). It must belong to the user that runs the gateway.`,
  }),
  damaged: (path: string): Bilingual => ({
    zh: `密钥文件 ${path} 已损坏：应为一行 43 个 base64url 字符。请从备份恢复；换用新密钥会使已发出的令牌与会话失效。`,
    en: `The key file ${path} is damaged: it should be one line of 43 base64url characters. Restore it from a backup; a new key ends all tokens and sessions made with the old one.`,
  }),
  fileOpen: (path: string): Bilingual => ({
    zh: `密钥文件 ${path} 可被其他用户读取，不予使用。请运行：chmod 600 ${path}（若他人可能已读取，请更换密钥）`,
    en: `The key file ${path} can be read by other users and is not used. Run: chmod 600 ${path} (and replace the key if somebody may have read it)`,
  }),
  folderOpen: (path: string): Bilingual => ({
    zh: `密钥文件夹 ${path} 可被其他用户写入，不予使用。请运行：chmod 700 ${path}`,
    en: `The keys folder ${path} can be written to by other users and is not used. Run: chmod 700 ${path}`,
  }),
}
