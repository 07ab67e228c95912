/** Sentences for what happens to accounts of the admin listener. */
import type { AccountEvent } from '../../account-event.ts'
import type { Bilingual } from '../../contracts.ts'
import type { Entry } from '../files/read.ts'
import { textOf } from '../query/query.ts'

type Told = (who: string, by: string) => Bilingual

const done: Readonly<Record<AccountEvent['action'], Told>> = {
  added: (who, by) => ({ zh: `${by}添加了账户 ${who}`, en: `${by} added the account ${who}` }),
  removed: (who, by) => ({ zh: `${by}删除了账户 ${who}`, en: `${by} removed the account ${who}` }),
  password: (who, by) => ({
    zh: `${by}更换了账户 ${who} 的口令`,
    en: `${by} changed the password of the account ${who}`,
  }),
  totp: (who, by) => ({
    zh: `${by}更换了账户 ${who} 的动态口令`,
    en: `${by} changed the one-time codes of the account ${who}`,
  }),
  ended: (who, by) => ({ zh: `${by}结束了 ${who} 的全部会话`, en: `${by} ended all sessions of ${who}` }),
  unlocked: (who, by) => ({ zh: `${by}解除了账户 ${who} 的锁定`, en: `${by} unlocked the account ${who}` }),
  not_done: who => ({
    zh: `上一条所记对账户 ${who} 的变动未能完成`,
    en: `what was to be changed of the account ${who}, as the record before says, could not be`,
  }),
  login: who => ({ zh: `账户 ${who} 登录`, en: `the account ${who} signed in` }),
  logout: who => ({ zh: `账户 ${who} 退出`, en: `the account ${who} signed out` }),
  failed: who => ({ zh: `账户 ${who} 登录失败`, en: `signing in as ${who} failed` }),
  locked: who => ({
    zh: `账户 ${who} 失败次数过多，暂时锁定`,
    en: `after too many failures the account ${who} has to wait`,
  }),
  denied: who => ({
    zh: `账户 ${who} 越权调用，或其会话被用于另一地址，已拒绝`,
    en: `the account ${who} called what is of another duty, or its session was used from elsewhere: refused`,
  }),
}

export function account(entry: Entry): Bilingual {
  const action = textOf(entry, 'action') ?? ''
  const [name, duty, address] = [textOf(entry, 'account'), textOf(entry, 'duty'), textOf(entry, 'address')]
  const by = textOf(entry, 'operator') ?? '-'
  const who = name === null ? '?' : duty === null ? name : `${name} (${duty})`
  const what = Object.hasOwn(done, action) ? done[action as AccountEvent['action']](who, by) : { zh: who, en: who }
  const from = address === null ? { zh: '', en: '' } : { zh: `（地址 ${address}）`, en: ` (from ${address})` }
  return { zh: `${what.zh}${from.zh}。`, en: `${what.en}${from.en}.` }
}
