/** How much room is left where the records are. */
import { statfsSync } from 'node:fs'
import type { Disk } from './disk.ts'

/** Below `low` the log says so; below `stop` it is not written any more, so that its last records are whole. Bytes of a disk. */
export type Marks = { low(size: number): number; stop(size: number): number }

const mebibyte = 1024 * 1024

/** A tenth of the disk or 1 GiB; a fiftieth or 64 MiB: whichever is less. */
export const standardMarks: Marks = {
  low: size => Math.min(size / 10, 1024 * mebibyte),
  stop: size => Math.min(size / 50, 64 * mebibyte),
}

export async function roomOn(disk: Disk, directory: string, marks: Marks): Promise<'enough' | 'low' | 'none'> {
  const { bavail, blocks, bsize } = await disk.statfs(directory)
  const [free, size] = [bavail * bsize, blocks * bsize]
  return free < marks.stop(size) ? 'none' : free < marks.low(size) ? 'low' : 'enough'
}

/** Bytes that are left where a folder is. For threads of their own: it waits. */
export function bytesLeft(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}
