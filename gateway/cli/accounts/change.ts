/** Changes accounts, none of them unrecorded. */
import type { Account } from '../../access/accounts/account.ts'
import type { AccountEvent } from '../../account-event.ts'
import type { Bilingual } from '../../contracts.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { exit, type Io, say } from '../command.ts'
import { keysMade } from '../keys/made.ts'
import { whoRuns } from '../who-runs.ts'
import { type Accounts, changeAccounts, readAccounts, tryChange } from './file.ts'
import type { Place } from './place.ts'

/**
 * Does something to one account, once it is on record; returns the exit status. `change`: what it will be; null takes it
 * away. Throws AccountsFault, before anything is recorded, where the accounts would not be right.
 */
export async function changeOne(
  place: Place,
  name: string,
  action: AccountEvent['action'],
  change: (account: Account) => Account | null,
  io: Io,
): Promise<number> {
  const account = (await readAccounts(place)).get(name)
  if (account === undefined) {
    io.stderr(`${say(words.unknown(name), io.lang)}\n`)
    return exit.wrong
  }
  const changing = (accounts: Accounts) => {
    const changed = new Map(accounts)
    const made = change(accounts.get(name) ?? account)
    if (made === null) changed.delete(name)
    else changed.set(name, made)
    return changed
  }
  return recorded(place, { action, account: name, duty: account.duty }, changing, io)
}

/**
 * Puts on record what is about to be done, then does it; returns the exit status. Where it cannot be done, that is on record
 * too: nothing counts unrecorded, and no record stays alone that says more than has happened.
 */
export async function recorded(
  place: Place,
  event: Pick<AccountEvent, 'action' | 'account' | 'duty'>,
  change: (accounts: Accounts) => Accounts,
  io: Io,
): Promise<number> {
  await tryChange(place, change)
  const entry = { kind: 'account', ...event, address: null, operator: whoRuns() } as const
  const log = await openRecordLog({ directory: place.config.records, log: 'cli-accounts', holds: 'log' }).catch(
    () => null,
  )
  try {
    if (log === null || !(await appended(log, [...keysMade(place.keys), entry]))) {
      io.stderr(`${say(words.unrecorded, io.lang)}\n`)
      return exit.unable
    }
    try {
      await changeAccounts(place, change)
    } catch (error) {
      if (!(await appended(log, [{ ...entry, action: 'not_done' }]))) io.stderr(`${say(words.claimed, io.lang)}\n`)
      throw error
    }
    return exit.well
  } finally {
    await log?.close()
  }
}

function appended(log: RecordLog, drafts: Parameters<RecordLog['append']>[0]): Promise<boolean> {
  return log.append(drafts).then(
    () => true,
    () => false,
  )
}

const words = {
  unrecorded: {
    zh: '记录无法写入，因此账户没有变动。请检查记录文件夹的权限与磁盘空间，或稍后再试。',
    en: 'The records folder cannot be written, so no account was changed. Check its permissions and disk space, or try again.',
  },
  claimed: {
    zh: '账户没有变动，但记录中写着已变动，且无法补记；请告知审计人员。',
    en: 'No account was changed; the records say that one was, and that could not be put right there: tell who audits.',
  },
  unknown: (name: string): Bilingual => ({ zh: `没有账户“${name}”。`, en: `There is no account '${name}'.` }),
}
