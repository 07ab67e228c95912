/** What the `accounts` commands have in common: where accounts are, and what their names and passwords may be. */
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import {
  hashPassword,
  isPassword,
  nobodysHash,
  parseHash,
  writeHash,
} from '../../../plugins/identities/basic/scrypt.ts'
import { type Passwords, totpPurpose } from '../../access/accounts/account.ts'
import { shortest, type Weakness, weaknessOf } from '../../access/accounts/password-floor.ts'
import type { KeyFolder } from '../../access/keys.ts'
import { createSeal, type Seal } from '../../access/seal.ts'
import type { Config } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { personName } from '../../person-name.ts'
import { renderFaults } from '../../policy/fault.ts'
import { exit, type Io, say, UsageError } from '../command.ts'
import { installedConfig } from '../installed-config.ts'
import { orKeyFault } from '../keys/folder.ts'
import { openInstalledKeys } from '../keys/installed.ts'
import { firstLine } from '../keys/passphrase.ts'
import { parse } from '../options.ts'
import { AccountsFault, type AccountsPlace } from './file.ts'

export const accountsUsage = '--config FILE  gateway.yaml; the one in this folder if left out'
export const passwordUsage = `--password-file FILE  its first line; read from standard input if left out. At least ${shortest} characters`

/** The binary logarithm of scrypt's N: 128 MiB, a few tenths of a second. */
const cost = 17

export const passwords: Passwords = {
  nobodys: writeHash(nobodysHash(cost)),
  hash: password => hashPassword(password, cost),
  matches: (password, hash) => isPassword(password, parseHash(hash)),
}

export type Place = AccountsPlace & { readonly config: Config; readonly keys: KeyFolder; readonly seal: Seal }

type Values = Readonly<Record<string, string | boolean | undefined>>

/** Parses a command line with as many names as `names`, each of one account. */
export function readLine(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>> = {},
  names: 0 | 1 = 1,
): { values: Values; name: string } {
  const all = { config: { type: 'string' }, ...options } as const
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options: all, allowPositionals: true }))
  const name = (positionals[0] ?? '').normalize('NFC')
  if (positionals.length === names && (names === 0 || isName(name))) return { values: values as Values, name }
  throw new UsageError(names === 0 ? words.none : words.name)
}

/** Names are on record; a number of eight digits and more could be somebody's. */
export function isName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name) && !/\d{8}/.test(name)
}

/** Runs a command's work with the keys of an installation. */
export async function withKeys(
  values: Values,
  io: Io,
  work: (config: Config, keys: KeyFolder) => Promise<number>,
): Promise<number> {
  const file = values['config']
  const config = await installedConfig(typeof file === 'string' ? file : undefined, io)
  if (typeof config === 'number') return config
  return orKeyFault(io, async () => work(config, await openInstalledKeys(config)))
}

/** Runs a command's work where accounts are; what is wrong there is said in words. */
export async function withPlace(values: Values, io: Io, work: (place: Place) => Promise<number>): Promise<number> {
  return withKeys(values, io, async (config, keys) => {
    if (config.signIn.oidc !== null) {
      io.stderr(`${say(words.oidc, io.lang)}\n`)
      return exit.unable
    }
    try {
      return await work({ ...placeOf(config, keys, io.cwd), config, keys })
    } catch (error) {
      if (!(error instanceof AccountsFault)) throw error
      io.stderr(renderFaults(error.faults, io.lang))
      return exit.wrong
    }
  })
}

/** Where a configuration keeps its accounts. */
export function placeOf(
  { signIn, approvers, requesters }: Config,
  keys: KeyFolder,
  cwd?: string,
): AccountsPlace & { seal: Seal } {
  const path = signIn.accounts
  return {
    path,
    ...(cwd !== undefined && { shownAs: relative(cwd, path) }),
    seal: createSeal([keys.ring.secret(totpPurpose)]),
    people: new Set([...approvers, ...requesters].flatMap(({ name, logins }) => [name, ...logins].map(personName))),
  }
}

/** A password that is good enough for this account. Throws UsageError where it is not. */
export async function newPassword(values: Values, name: string, io: Io): Promise<string> {
  const password = await firstLine(values['password-file'], words.asked, io)
  const weakness = weaknessOf(password ?? '', name)
  if (weakness !== null) throw new UsageError(weaknessWords[weakness])
  return password!
}

export const weaknessWords: Readonly<Record<Weakness, Bilingual>> = {
  short: { zh: `口令至少 ${shortest} 个字符。`, en: `A password has at least ${shortest} characters.` },
  long: { zh: '口令过长。', en: 'The password is too long.' },
  common: { zh: '这是人人都会猜的口令，请换一个。', en: 'This is a password that everybody tries; choose another.' },
  name: { zh: '口令中不能含有账户名。', en: 'A password has not the name of its account in it.' },
  simple: { zh: '口令过于简单，请换一个。', en: 'The password is too simple; choose another.' },
}

const words = {
  none: { zh: '此命令不带名称，或选项不对。', en: 'This command takes no name, or an option is not right.' },
  name: {
    zh: '请写出一个账户名：字母、数字、“.”、“_”、“-”，不含八位以上的数字；或选项不对。',
    en: 'Give one name of an account: letters, digits, `.`, `_`, `-`, no number of eight digits; or an option is not right.',
  },
  oidc: {
    zh: 'gateway.yaml 设了 admin.oidc：账户由认证服务管理，这里没有账户。',
    en: 'gateway.yaml has admin.oidc: people are known by that provider, and there are no accounts here.',
  },
  asked: { zh: '请输入口令：', en: 'Password: ' },
}
