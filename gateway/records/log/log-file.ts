/** One file of a log, open for appending. What has been committed to it is durable, and under the file's own name. */
import { constants } from 'node:fs'
import { type Disk, DiskFault, syncFolder } from './disk.ts'

const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

export class LogFile {
  readonly number: number
  readonly path: string
  /** Sequence number of the first entry this writer put here. */
  readonly first: number
  /** Bytes that are durable. */
  size: number
  readonly #disk: Disk
  readonly #fd: number
  readonly #inode: number
  readonly #device: number

  private constructor(
    disk: Disk,
    fd: number,
    at: { number: number; path: string; first: number; size: number },
    identity: { ino: number; dev: number },
  ) {
    this.#disk = disk
    this.#fd = fd
    this.number = at.number
    this.path = at.path
    this.first = at.first
    this.size = at.size
    this.#inode = identity.ino
    this.#device = identity.dev
  }

  /** Makes a new file, and its name durable. Throws where there is one of that name. */
  static async create(disk: Disk, directory: string, path: string, number: number, first: number): Promise<LogFile> {
    const fd = await disk.open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    const file = await LogFile.#of(disk, fd, { number, path, first, size: 0 })
    try {
      await syncFolder(disk, directory)
      return file
    } catch (error) {
      await file.abandon()
      throw error
    }
  }

  /** Goes on in a file that an earlier writer left, after cutting what follows `size`. */
  static async resume(disk: Disk, path: string, number: number, size: number, first: number): Promise<LogFile> {
    const fd = await disk.open(path, O_RDWR | O_APPEND | O_NOFOLLOW, 0)
    const file = await LogFile.#of(disk, fd, { number, path, first, size })
    try {
      await disk.truncate(fd, size)
      await disk.fsync(fd)
      return file
    } catch (error) {
      await file.abandon()
      throw error
    }
  }

  static async #of(
    disk: Disk,
    fd: number,
    at: { number: number; path: string; first: number; size: number },
  ): Promise<LogFile> {
    try {
      const stats = await disk.fstat(fd)
      if (!stats.isFile()) throw new DiskFault('file_replaced')
      return new LogFile(disk, fd, at, stats)
    } catch (error) {
      await disk.close(fd).catch(() => {})
      throw error
    }
  }

  /** Writes all of it, syncs, and makes sure that the file is still what its name leads to. */
  async commit(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const written = await this.#disk.write(this.#fd, bytes, at, bytes.length - at)
      if (written <= 0) throw new DiskFault('io_error')
      at += written
    }
    await this.#disk.fdatasync(this.#fd)
    await this.check(this.size + bytes.length)
    this.size += bytes.length
  }

  /** Throws a DiskFault where the file was deleted, renamed, replaced, cut, written to by others or made read-only. */
  async check(size: number = this.size): Promise<void> {
    const found = await this.#disk.lstat(this.path)
    if (found.ino !== this.#inode || found.dev !== this.#device) throw new DiskFault('file_replaced')
    if (found.size !== size) throw new DiskFault('file_changed')
    if ((found.mode & 0o200) === 0) throw new DiskFault('read_only')
  }

  /** Whether these are the file's last bytes, read from it again. */
  async endsWith(bytes: Uint8Array): Promise<boolean> {
    const again = Buffer.alloc(bytes.length)
    for (let at = 0; at < again.length; ) {
      const got = await this.#disk.read(this.#fd, again, at, again.length - at, this.size - bytes.length + at)
      if (got <= 0) return false
      at += got
    }
    return again.equals(bytes)
  }

  /** Whether the bytes that were durable are still to be had under the file's name. */
  async isWhole(): Promise<boolean> {
    try {
      const found = await this.#disk.lstat(this.path)
      return found.ino === this.#inode && found.dev === this.#device && found.size >= this.size
    } catch {
      return false
    }
  }

  close(): Promise<void> {
    return this.#disk.close(this.#fd)
  }

  /** Closes it whatever state it is in; nothing is written or synced. */
  async abandon(): Promise<void> {
    await this.close().catch(() => {})
  }
}
