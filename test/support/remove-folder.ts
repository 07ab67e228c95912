import { rm } from 'node:fs/promises'

/**
 * Removes a folder with all that is in it; also one that is not there, and one in which a process that was just killed, or
 * a child of it, writes for a moment longer: as long as something new appears in it, it is tried again (in sum 22 seconds).
 */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}
