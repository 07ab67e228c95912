import type { Disk } from './disk.ts'
import type { Lock } from './lock.ts'

/** The locks of a writer, and the folder they keep: whether they still keep others out of it. */
export class FolderLocks {
  #locks: Lock[]
  #folder: { ino: number; dev: number } | null = null
  readonly #disk: Disk
  readonly #directory: string
  readonly #reopen: () => Lock[]

  /** @param reopen takes the locks anew, for a folder that was exchanged. */
  constructor(disk: Disk, directory: string, locks: Lock[], reopen: () => Lock[]) {
    this.#disk = disk
    this.#directory = directory
    this.#locks = locks
    this.#reopen = reopen
  }

  /** From here on this is the folder. */
  async begin(): Promise<void> {
    this.#folder = await this.#disk.lstat(this.#directory)
  }

  /** Whether their files, in this folder, are the ones that are locked. */
  async areHeld(): Promise<boolean> {
    for (const { path, inode } of this.#locks) if ((await this.#disk.lstat(path)).ino !== inode) return false
    return this.#locks.length > 0
  }

  /** Where another folder stands under the name now (a disk mounted again), or a lock was removed, all are taken anew. */
  async keep(): Promise<void> {
    const found = await this.#disk.lstat(this.#directory)
    const same = found.ino === this.#folder?.ino && found.dev === this.#folder.dev
    if (same && (await this.areHeld().catch(() => false))) return
    for (const lock of this.#locks.splice(0)) lock.release()
    this.#locks = this.#reopen()
    this.#folder = found
  }

  release(): void {
    for (const lock of this.#locks) lock.release()
  }
}
