/** Files that hold secrets: read only where nobody else can read them, made and replaced whole, never quoted. */
import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { chmod, link, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Bilingual } from '../contracts.ts'

/** A key that cannot be used, or must not be. The words name the file, and never what is in it. */
export class KeyFault extends Error {
  readonly words: Bilingual

  constructor(words: Bilingual) {
    super(words.en)
    this.name = 'KeyFault'
    this.words = words
  }
}

/** Bytes of a file with one secret, with all that is said about it. */
const largest = 1024

/** Makes the folder (0700) where there is none. Throws KeyFault where others may write to it. */
export async function makeKeyFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new KeyFault(keyWords.unmakeable(directory, codeOf(error)))
  }
  const found = await stat(directory)
  if (!found.isDirectory()) throw new KeyFault(keyWords.unmakeable(directory, 'ENOTDIR'))
  if (looser(found, 0o022)) throw new KeyFault(keyWords.folderOpen(directory))
}

/**
 * What a file says, without white space at its end; null where there is none. Throws KeyFault where it is readable by
 * group or others, too large, or cannot be read. A link of a mounted secret is followed: it is the file behind it that
 * must be closed to others.
 */
export async function readKeyFile(path: string): Promise<string | null> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new KeyFault(keyWords.unreadable(path, codeOf(error)))
  }
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size > largest) throw new KeyFault(keyWords.damaged(path))
    if (looser(found, 0o077)) throw new KeyFault(keyWords.fileOpen(path))
    return (await file.readFile('utf8')).trimEnd()
  } finally {
    await file.close()
  }
}

/** Makes a file (0600): after a crash there is a whole one or none. False: there is one of that name already. */
export async function makeKeyFile(path: string, text: string): Promise<boolean> {
  return withDraft(path, text, async draft => {
    try {
      await link(draft, path)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    }
  })
}

/**
 * Puts another text in a file's place; what stood there is overwritten with zeros first. That is as much as a program
 * can do: copies that a file system, a disk or a backup keeps are beyond it.
 */
export async function overwriteKeyFile(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'r+')
    try {
      const { size } = await file.stat()
      await file.write(Buffer.alloc(size), 0, size, 0)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new KeyFault(keyWords.unmakeable(path, codeOf(error)))
  }
  await replaceKeyFile(path, text)
}

/** Puts another text in a file's place, whole or not at all. */
export async function replaceKeyFile(path: string, text: string): Promise<void> {
  await withDraft(path, text, async draft => {
    await rename(draft, path)
    return true
  })
}

/** Written whole and synced under another name, then put in its place by `place`. */
async function withDraft(path: string, text: string, place: (draft: string) => Promise<boolean>): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(`${text}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await chmod(draft, 0o600)
    const placed = await place(draft)
    if (placed) await syncFolder(dirname(path))
    return placed
  } catch (error) {
    throw new KeyFault(keyWords.unmakeable(path, codeOf(error)))
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

/** The code of an error of the file system, as ENOENT; its message would name paths. */
export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return typeof code === 'string' ? code : 'unknown'
}

export const keyWords = {
  unmakeable: (path: string, code: string): Bilingual => ({
    zh: `无法创建或写入 ${path}（${code}）。请检查该位置的权限与磁盘空间，或在 gateway.yaml 中为它另选位置。`,
    en: `Cannot make or write ${path} (${code}). Check permissions and disk space there, or name another place for it in gateway.yaml.`,
  }),
  unreadable: (path: string, code: string): Bilingual => ({
    zh: `无法读取密钥文件 ${path}（${code}）。它必须属于运行网关的用户。`,
    en: `Cannot read the key file ${path} (${code}). It must belong to the user that runs the gateway.`,
  }),
  damaged: (path: string): Bilingual => ({
    zh: `密钥文件 ${path} 已损坏。请从备份恢复；换用新密钥会使已发出的令牌与会话失效。`,
    en: `The key file ${path} is damaged. Restore it from a backup; a new key ends all tokens and sessions made with the old one.`,
  }),
  forgotten: (path: string): Bilingual => ({
    zh: `${path} 所属的月份已经结束，其密钥只有溯源保管人能打开。`,
    en: `The month of ${path} is over: only the trace authority can open its key.`,
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
