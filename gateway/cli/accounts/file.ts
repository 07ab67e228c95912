/**
 * Reads and writes accounts.yaml: who signs in at the admin listener. Written whole by `veilgate accounts` and by people who
 * change their password; nobody else may read it. Two accounts of one person with two duties are a fault, however they hide it.
 */
import type { BigIntStats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { hashPattern } from '../../../plugins/identities/basic/scrypt.ts'
import { type Account, type AccountStore, openTotp } from '../../access/accounts/account.ts'
import { replaceKeyFile } from '../../access/key-files.ts'
import type { Seal } from '../../access/seal.ts'
import { type Duty, duties } from '../../config/config.ts'
import { namePattern } from '../../config/schema-parts.ts'
import type { Bilingual } from '../../contracts.ts'
import { personName } from '../../person-name.ts'
import { type Fault, fileFault } from '../../policy/fault.ts'
import { validator } from '../../policy/validate.ts'
import { readYaml, yamlLimits } from '../../policy/yaml.ts'
import { takeLock } from '../../records/log/lock.ts'

export type AccountsPlace = {
  readonly path: string
  /** How the file is named in faults; as its path where left out. */
  readonly shownAs?: string
  /** Of one-time codes. */
  readonly seal: Seal
  /** Approvers and requesters of gateway.yaml, by name and login, as `personName` has them. */
  readonly people: ReadonlySet<string>
}

export type Accounts = ReadonlyMap<string, Account>

/** What stands in the way of using, or writing, the file. */
export class AccountsFault extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super('accounts cannot be used')
    this.faults = faults
  }
}

/** All accounts; none where there is no file. Throws AccountsFault where the file is wrong or others can read it. */
export async function readAccounts(place: AccountsPlace): Promise<Accounts> {
  const { path, shownAs = path } = place
  const found = await statOf(path)
  if (found === null) return new Map()
  const wrong = (words: Bilingual) => new AccountsFault([fileFault(shownAs, 'CONFIG_ACCOUNTS', words)])
  if (!found.isFile() || found.size > yamlLimits.size) throw wrong(words.noFile)
  if (process.platform !== 'win32' && (found.mode & 0o077n) !== 0n) throw wrong(words.open)
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) throw wrong(words.unreadable)
  const read = readYaml(shownAs, bytes)
  if ('faults' in read) throw new AccountsFault(read.faults)
  const misshapen = validator(schema, 'CONFIG')(read.document)
  if (misshapen.length > 0) throw new AccountsFault(misshapen)
  const written = (read.document.value as { accounts: Readonly<Record<string, Written>> }).accounts
  const accounts = new Map(Object.entries(written).map(([name, one]) => [name, accountFrom(name, one)]))
  const conflicts = conflictsIn(accounts, place).map(({ name, key, words }) => {
    const at = key === 'name' ? { path: [name], at: 'key' as const } : { path: [name, key], at: 'value' as const }
    return read.document.fault(['accounts', ...at.path], 'CONFIG_ACCOUNTS', words, { at: at.at })
  })
  if (conflicts.length > 0) throw new AccountsFault(conflicts)
  return accounts
}

/** The file as the gateway uses it: read again where it has changed, written by one at a time. */
export function accountStore(place: AccountsPlace): AccountStore {
  let known: { readonly mark: string; readonly accounts: Promise<Accounts> } | null = null
  return {
    async read() {
      const found = await statOf(place.path)
      const mark = found === null ? '' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`
      if (known?.mark === mark) return known.accounts
      const reading = { mark, accounts: readAccounts(place) }
      known = reading
      reading.accounts.catch(error => {
        // what is wrong in the file stays wrong until it changes; that it could not be read may pass
        if (!(error instanceof AccountsFault) && known === reading) known = null
      })
      return reading.accounts
    },
    async change(name, change) {
      let isThere = false
      await changeAccounts(place, accounts => {
        const account = accounts.get(name)
        isThere = account !== undefined
        return account === undefined ? accounts : new Map([...accounts, [name, change(account)]])
      })
      return isThere
    },
  }
}

/** Milliseconds between tries where somebody else is writing, and how many. */
const [pause, tries] = [50, 40]

/** Puts what `change` makes of the accounts in their place, whole. Throws AccountsFault, or KeyFault where that cannot be written. */
export async function changeAccounts(place: AccountsPlace, change: (accounts: Accounts) => Accounts): Promise<void> {
  for (let nth = 0; ; nth++) {
    const lock = lockOf(place.path)
    if (lock === null) {
      if (nth === tries)
        throw new AccountsFault([fileFault(place.shownAs ?? place.path, 'CONFIG_ACCOUNTS', words.busy)])
      await new Promise(resolve => setTimeout(resolve, pause))
      continue
    }
    try {
      await replaceKeyFile(place.path, render(await tryChange(place, change)))
      return
    } finally {
      lock.release()
    }
  }
}

/** What `change` would make of the accounts. Throws AccountsFault where that is not to be. */
export async function tryChange(place: AccountsPlace, change: (accounts: Accounts) => Accounts): Promise<Accounts> {
  const changed = change(await readAccounts(place))
  const conflicts = conflictsIn(changed, place)
  const file = place.shownAs ?? place.path
  if (conflicts.length > 0)
    throw new AccountsFault(conflicts.map(({ words }) => fileFault(file, 'CONFIG_ACCOUNTS', words)))
  return changed
}

function lockOf(path: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(`${path}.lock`)
  } catch {
    // where no lock can be made nothing can be written: that is said by who tries
    return { path, inode: 0, release() {} }
  }
}

async function statOf(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

type Conflict = { readonly name: string; readonly key: 'name' | 'email' | 'totp' | 'duty'; readonly words: Bilingual }

/** One person has one duty: not two by another name, the same authenticator, mailbox or key. */
function conflictsIn(accounts: Accounts, { seal, people }: AccountsPlace): Conflict[] {
  const seen = new Map<string, string>()
  const found: Conflict[] = []
  const once = (name: string, key: 'name' | 'email' | 'totp', value: string | null) => {
    if (value === null) return
    const other = seen.get(`${key} ${value}`)
    seen.set(`${key} ${value}`, name)
    if (other !== undefined) found.push({ name, key, words: words[key === 'name' ? 'alike' : 'shared'](other) })
  }
  for (const [name, account] of accounts) {
    const secret = openTotp(seal, account)
    once(name, 'name', personName(name))
    once(name, 'email', account.email?.toLowerCase() ?? null)
    once(name, 'totp', secret)
    if (secret === null) found.push({ name, key: 'totp', words: words.sealed })
    if (people.has(personName(name)) && account.duty !== 'security')
      found.push({ name, key: 'duty', words: words.approver })
  }
  return found
}

type Written = {
  readonly duty: Duty
  readonly password: string
  readonly initial?: boolean
  readonly totp: string
  readonly email?: string
  readonly from?: string
  readonly until?: string
  readonly unlocked?: string
}

function accountFrom(name: string, { from, until, unlocked, ...written }: Written): Account {
  const time = (text: string | undefined) => (text === undefined ? null : Date.parse(text))
  const given = { from: time(from), until: time(until), unlocked: time(unlocked) }
  return { email: null, initial: false, ...written, name, ...given }
}

function render(accounts: Accounts): string {
  const time = (at: number | null) => (at === null ? undefined : new Date(at).toISOString())
  const lines = [...accounts.values()].map(({ name, duty, password, initial, totp, email, from, until, unlocked }) => {
    const times = { from: time(from), until: time(until), unlocked: time(unlocked) }
    const rest = { ...(initial && { initial }), ...(email !== null && { email }), ...times }
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ duty, password, totp, ...rest })}\n`
  })
  const body = lines.length === 0 ? 'accounts: {}\n' : `accounts:\n${lines.join('')}`
  return `# Accounts of the admin listener, made by: veilgate accounts. For nobody else to read.\n${body}`.trimEnd()
}

const moment = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['accounts'],
  properties: {
    accounts: {
      type: 'object',
      maxProperties: 1000,
      propertyNames: { pattern: namePattern },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['duty', 'password', 'totp'],
        properties: {
          duty: { enum: duties },
          password: { type: 'string', pattern: hashPattern },
          initial: { type: 'boolean' },
          totp: { type: 'string', minLength: 1, maxLength: 1024 },
          email: { type: 'string', pattern: '^[^\\s@]{1,128}@[^\\s@]{1,128}$' },
          from: moment,
          until: moment,
          unlocked: moment,
        },
      },
    },
  },
}

const words = {
  noFile: { zh: '不是 1 MiB 以内的普通文件', en: 'not a regular file of at most 1 MiB' },
  open: {
    zh: '账户文件可被其他用户读取，不予使用；请运行 chmod 600',
    en: 'other users can read the accounts: not used. Run chmod 600 on the file',
  },
  unreadable: { zh: '账户文件无法读取', en: 'the accounts cannot be read' },
  busy: { zh: '账户文件正被另一进程修改，请稍后再试', en: 'somebody else is changing the accounts; try again' },
  alike: (other: string) => ({
    zh: `与账户“${other}”几乎同名`,
    en: `the same name as the account '${other}', but for how it is written`,
  }),
  shared: (other: string) => ({
    zh: `与账户“${other}”是同一人（邮箱或动态口令相同）；一人只能有一种职责（三员分立）`,
    en: `the same person as the account '${other}', by mailbox or authenticator: nobody has two accounts, as nobody has two duties`,
  }),
  sealed: {
    zh: '动态口令不是用本网关的密钥封存的；请运行 veilgate accounts totp 重新生成',
    en: "not sealed by this gateway's keys; veilgate accounts totp makes another",
  },
  approver: {
    zh: '此人是 gateway.yaml 中的批准人或申请人，只能有 security 职责的账户（三员分立）',
    en: 'this person approves or asks by gateway.yaml, and can have an account of the duty security only',
  },
}
