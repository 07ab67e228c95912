/**
 * Who reads the records is on record too, before the first line is shown: in a log of the command's own, in the same
 * folder. Where the folder lets nobody write (a copy handed to a reviewer, a read-only mount), there is nowhere to
 * record it, and it is read without: whoever may only read there could as well copy the files. Any other fault, a full
 * disk among them, refuses the reading.
 */
import { userInfo } from 'node:os'
import type { Draft, QueryDraft } from './entry.ts'
import type { RecordLog } from './log/log.ts'
import { openRecordLog } from './log/open.ts'
import { RecordsFault } from './log/records-fault.ts'
import { namePattern } from './shapes.ts'

/** So many commands can read at the same time. */
const mostReaders = 16

/**
 * The log to record a reading in, or null where the folder cannot be written by this user.
 *
 * @throws RecordsFault where it could be, but is not possible now.
 */
export async function openReadingLog(directory: string): Promise<RecordLog | null> {
  for (let nth = 0; ; nth++) {
    try {
      return await openRecordLog({ directory, log: `cli-${nth}`, holds: 'log' })
    } catch (error) {
      if (!(error instanceof RecordsFault)) throw error
      if (error.code === 'unwritable' && error.why === 'read_only') return null
      if (error.code !== 'locked' || nth + 1 === mostReaders) throw error
    }
  }
}

/** The `query` record of a reading. Filters are named, and what they were set to is not said. */
export function readingDraft(
  command: QueryDraft['command'],
  filters: readonly string[],
  shown: number | null,
  of: string | null = null,
): Draft {
  return { kind: 'query', operator: systemUser(), command, filters, shown, of }
}

/** The login at the operating system, where it has the shape of a name. */
function systemUser(): string | null {
  try {
    const { username } = userInfo()
    return namePattern.test(username) ? username : null
  } catch {
    return null
  }
}
