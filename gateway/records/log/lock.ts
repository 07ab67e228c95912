/**
 * A lock that ends with its process, however that ends: an exclusive transaction of SQLite on a file of its own, as
 * Node has no flock. Nothing is ever stored in the file. It must not be opened by anything else in this process: closing
 * any descriptor of a file drops the process's POSIX locks on it.
 */
import { closeSync, lstatSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type Lock = {
  readonly path: string
  /** Of the locked file: where the path leads to another one, the lock keeps nobody out any more. */
  readonly inode: number
  release(): void
}

/** Takes the lock, or returns null where another process, or another part of this one, holds it. */
export function takeLock(path: string): Lock | null {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    const code = (error as { errcode?: number }).errcode ?? 0
    if ((code & 0xff) === busy) return null
    throw error
  }
  return { path, inode: lstatSync(path).ino, release: () => database.close() }
}

const busy = 5
