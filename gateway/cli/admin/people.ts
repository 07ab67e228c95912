/** Opens what people of the admin listener sign in by: their accounts, and the log of what happens to them. */

import { oidcProvider, Unavailable } from '../../../plugins/identities/sign-in/providers.ts'
import type { AccountStore } from '../../access/accounts/account.ts'
import { openAccountDesk } from '../../access/accounts/desk.ts'
import { endedSessionsOf } from '../../access/ended-sessions.ts'
import type { KeyFolder } from '../../access/keys.ts'
import type { AccountEvent } from '../../account-event.ts'
import type { AdminOidc, Config } from '../../config/config.ts'
import type { AdminPeople } from '../../console/admin.ts'
import { type Begun, ProviderSilent, type SignInProvider } from '../../console/oidc-api.ts'
import { Refusal } from '../../errors.ts'
import type { OperationalLog } from '../../log.ts'
import type { Policy } from '../../policy/policy.ts'
import { readRecords } from '../../records/files/read.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { RecordsFault } from '../../records/log/records-fault.ts'
import { AccountsFault, accountStore } from '../accounts/file.ts'
import { passwords, placeOf } from '../accounts/place.ts'
import { askingRecords } from '../records/ask-records.ts'
import { holdsPersonal } from './control.ts'

const logName = 'accounts'

const words = {
  locked: {
    zh: '管理接口登录失败次数过多，该账户与地址须等待',
    en: 'after too many failures to sign in at the admin listener, an account and an address have to wait',
  },
  unusable: {
    zh: '管理接口的账户文件无法使用，无人能登录；运行 veilgate accounts list 查看原因',
    en: 'the accounts of the admin listener cannot be used, and nobody can sign in; veilgate accounts list says why',
  },
}

/** Throws AccountsFault where the accounts are wrong. The log is opened when there is something to say. */
export async function openPeople(
  config: Config,
  keys: KeyFolder,
  { log, policy }: { readonly log: OperationalLog; readonly policy: () => Policy },
): Promise<AdminPeople & { close(): Promise<void> }> {
  const place = placeOf(config, keys, process.cwd())
  const store = config.signIn.oidc === null ? tellingStore(accountStore(place), log) : null
  await store?.read()
  let records: Promise<RecordLog> | null = null
  const open = () => {
    const opening = openRecordLog({ directory: config.records, log: logName, holds: 'log' })
    opening.catch(() => {
      records = null
    })
    return opening
  }
  const desk = await openAccountDesk(
    {
      store,
      passwords,
      seal: place.seal,
      now: Date.now,
      isEnded: endedSessionsOf(config.keys, keys.ring).has,
      async append(events) {
        try {
          const [first] = await (await (records ??= open())).append(events)
          if (events.some(({ action }) => action === 'locked')) log.warn(words.locked, { record: first!.id })
        } catch (error) {
          throw error instanceof RecordsFault ? new Refusal('RECORDS_UNUSABLE') : error
        }
      },
    },
    eventsIn(config.records),
  )
  const { oidc: settings } = config.signIn
  const isPersonal = (name: string) => holdsPersonal(name, policy())
  const { seal, people } = place
  const oidc =
    settings === null ? null : { provider: providerOf(settings), settings, seal, people, isPersonal, now: Date.now }
  const asking = askingRecords(config.records)
  return {
    desk,
    oidc,
    contact: config.contact,
    standing: { policy, config: config.digest },
    records: { ask: asking.ask, timezone: config.timezone },
    async close() {
      await asking.close()
      await (await records?.catch(() => null))?.close()
    },
  }
}

/** The provider, asked by what identities of callers ask theirs by. */
function providerOf({ issuer, clientId, clientSecretFile, scope, account, roles, strong }: AdminOidc): SignInProvider {
  const secret = clientSecretFile === null ? {} : { client_secret_file: clientSecretFile }
  const factors = {
    ...(strong.acr.length > 0 && { acr: strong.acr }),
    ...(strong.amr.length > 0 && { amr: strong.amr }),
  }
  const claims = { operator: account, roles, strong: factors }
  const provider = oidcProvider('admin', { issuer, client_id: clientId, scope, ...secret }, claims)
  const orSilent = (error: unknown): never => {
    throw error instanceof Unavailable ? new ProviderSilent() : error
  }
  const whole = (begun: Begun) => ({ ...begun, to: '', until: 0 })
  return {
    begin: (begun, callback) => provider.begin(whole(begun), callback).catch(orSilent),
    async finish(query, begun, callback) {
      const caller = await provider.finish(query, whole(begun), callback).catch(orSilent)
      return { account: caller.operator ?? '', roles: caller.roles ?? [], strong: caller.strong === true }
    },
  }
}

/** Says once that the accounts have become unusable: nobody can sign in then, and nobody stays signed in. */
function tellingStore(store: AccountStore, log: OperationalLog): AccountStore {
  let isTold = false
  return {
    ...store,
    async read() {
      try {
        const accounts = await store.read()
        isTold = false
        return accounts
      } catch (error) {
        const [first] = error instanceof AccountsFault ? error.faults : []
        if (!isTold) log.error(words.unusable, first === undefined ? { error } : { code: first.code, line: first.line })
        isTold = true
        throw error
      }
    },
  }
}

async function* eventsIn(directory: string): AsyncGenerator<{ event: AccountEvent; time: number }> {
  for await (const entry of readRecords(directory, { log: logName }))
    if (entry.kind === 'account') yield { event: entry as unknown as AccountEvent, time: Date.parse(entry.time) }
}
