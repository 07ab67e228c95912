/** What a log does with a disk, so that tests can put a failing one in between; and what its errors mean. */
import * as fs from 'node:fs'
import { promisify } from 'node:util'
import type { GapCause } from '../drafts.ts'

const write = promisify(fs.write) as (
  fd: number,
  from: Uint8Array,
  at: number,
  length: number,
) => Promise<{ bytesWritten: number }>
const read = promisify(fs.read) as (
  fd: number,
  to: Uint8Array,
  at: number,
  length: number,
  from: number,
) => Promise<{ bytesRead: number }>

export const disk = {
  open: promisify(fs.open) as (path: string, flags: number, mode: number) => Promise<number>,
  close: promisify(fs.close),
  write: async (fd: number, from: Uint8Array, at: number, length: number): Promise<number> =>
    (await write(fd, from, at, length)).bytesWritten,
  read: async (fd: number, to: Uint8Array, at: number, length: number, from: number): Promise<number> =>
    (await read(fd, to, at, length, from)).bytesRead,
  fdatasync: promisify(fs.fdatasync),
  fsync: promisify(fs.fsync),
  truncate: promisify(fs.ftruncate) as (fd: number, length: number) => Promise<void>,
  fstat: promisify(fs.fstat) as (fd: number) => Promise<fs.Stats>,
  lstat: promisify(fs.lstat) as (path: string) => Promise<fs.Stats>,
  statfs: promisify(fs.statfs) as (path: string) => Promise<fs.StatsFs>,
  unlink: promisify(fs.unlink),
}

export type Disk = typeof disk

/** Why a log cannot be written. Its message is the cause: it says nothing of what was to be written. */
export class DiskFault extends Error {
  readonly why: GapCause

  constructor(why: GapCause, options?: ErrorOptions) {
    super(why, options)
    this.name = 'DiskFault'
    this.why = why
  }
}

const byErrno: ReadonlyMap<string, GapCause> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EFBIG', 'disk_full'],
  ['EROFS', 'read_only'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['ENOENT', 'file_gone'],
  ['ENOTDIR', 'file_replaced'],
  ['ELOOP', 'file_replaced'],
])

/** The cause behind whatever was thrown. */
export function causeOf(error: unknown): GapCause {
  if (error instanceof DiskFault) return error.why
  return byErrno.get((error as NodeJS.ErrnoException | null)?.code ?? '') ?? 'io_error'
}

/** Makes the names in a folder durable. */
export async function syncFolder(on: Disk, directory: string): Promise<void> {
  const fd = await on.open(directory, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY, 0)
  try {
    await on.fsync(fd)
  } finally {
    await on.close(fd)
  }
}
