import { sealTotp } from '../../access/accounts/account.ts'
import { makeTotpSecret, totpUri } from '../../access/accounts/one-time-code.ts'
import { duties } from '../../config/config.ts'
import { parseMoment } from '../../config/quantities.ts'
import { fileFault } from '../../policy/fault.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { recorded } from './change.ts'
import { type Accounts, AccountsFault, type AccountsPlace, tryChange } from './file.ts'
import { accountsUsage, newPassword, passwords, passwordUsage, readLine, withPlace } from './place.ts'

const text = { type: 'string' } as const
const options = { duty: text, email: text, from: text, until: text, 'password-file': text } as const

/** Adds an account. Its password is asked for and kept as a hash; the secret of its one-time codes is shown this once. */
export const command: Command = {
  name: 'accounts add',
  summary: {
    zh: '为管理接口添加账户（一人一职责：三员分立）',
    en: 'add an account of the admin listener, of one duty',
  },
  usage: `NAME --duty ${duties.join('|')} [--email E] [--from DAY] [--until DAY]
      ${passwordUsage}
      --email E      the person's mailbox: two accounts of one are refused
      --from DAY --until DAY  when it counts: 2026-12-31, to its end, in the gateway's timezone
      ${accountsUsage}`,
  async run(args, io) {
    const { values, name } = readLine(args, options)
    const duty = duties.find(one => one === values['duty'])
    if (duty === undefined) throw new UsageError(words.duty)
    const email = emailOf(values['email'])
    return withPlace(values, io, async place => {
      const { timezone } = place.config
      const from = momentOf(values['from'], timezone, false)
      const until = momentOf(values['until'], timezone, true)
      const secret = makeTotpSecret()
      const made = { name, duty, initial: true, totp: sealTotp(place.seal, name, secret), email }
      const add = (password: string) => (accounts: Accounts) => {
        if (accounts.has(name)) throw existing(place)
        return new Map([...accounts, [name, { ...made, password, from, until, unlocked: null }]])
      }
      // what stands against it is said before a password is asked for
      await tryChange(place, add(passwords.nobodys))
      const password = await passwords.hash(await newPassword(values, name, io))
      const status = await recorded(place, { action: 'added', account: name, duty }, add(password), io)
      return status === exit.well ? showSecret(name, secret, io) : status
    })
  },
}

/** On standard output, for nobody but its owner. */
export function showSecret(name: string, secret: string, io: Io): number {
  io.stdout(`${secret}\n${totpUri(secret, name)}\n`)
  io.stderr(`${say(words.shown, io.lang)}\n`)
  return exit.well
}

function existing({ path, shownAs = path }: AccountsPlace): AccountsFault {
  return new AccountsFault([fileFault(shownAs, 'CONFIG_ACCOUNTS', words.exists)])
}

function emailOf(given: unknown): string | null {
  if (given === undefined) return null
  if (typeof given === 'string' && /^[^\s@]{1,128}@[^\s@]{1,128}$/.test(given)) return given
  throw new UsageError(words.email)
}

function momentOf(given: unknown, timezone: string, end: boolean): number | null {
  if (given === undefined) return null
  const moment = parseMoment(String(given), timezone, end)
  if (moment === null) throw new UsageError(words.day)
  return moment
}

const words = {
  duty: {
    zh: `请用 --duty 指明职责：${duties.join('、')}。`,
    en: `Say its duty: --duty ${duties.join(', ')}.`,
  },
  email: { zh: '--email 不是邮箱地址。', en: '--email is no mailbox.' },
  day: { zh: '日期写作 2026-12-31。', en: 'Write a day as 2026-12-31.' },
  exists: { zh: '已有此账户', en: 'there is an account of that name' },
  shown: {
    zh: '以上为动态口令（TOTP）密钥，只显示这一次：交本人录入验证器应用。首次登录后须更换口令。',
    en: 'Above is the secret of one-time codes (TOTP), shown this once: for its owner to put into an authenticator app. At the first sign-in the password has to be changed.',
  },
}
