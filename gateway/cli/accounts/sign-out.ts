import { parseArgs } from 'node:util'
import { endedSessionsOf } from '../../access/ended-sessions.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { type Command, exit, say, UsageError } from '../command.ts'
import { keysMade } from '../keys/made.ts'
import { parse } from '../options.ts'
import { whoRuns } from '../who-runs.ts'
import { accountsUsage, isName, withKeys } from './place.ts'

/** Ends what somebody has begun by signing in, wherever that was: a stolen cookie, a lost machine, somebody who has left. */
export const command: Command = {
  name: 'accounts sign-out',
  summary: { zh: '立即结束某人的全部登录会话', en: 'end all sessions of somebody at once' },
  usage: `NAME
    NAME           an account, or the login of somebody who signs in by OpenID Connect or CAS
      ${accountsUsage}`,
  async run(args, io) {
    const options = { config: { type: 'string' } } as const
    const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
    const [name = '', ...more] = positionals
    if (!/^[^\s\p{C}]{1,128}$/u.test(name) || more.length > 0) throw new UsageError(words.name)
    return withKeys(values, io, async (config, keys) => {
      // a login that could be somebody's number is not written down
      const account = isName(name) ? name : null
      const event = {
        kind: 'account',
        action: 'ended',
        account,
        duty: null,
        address: null,
        operator: whoRuns(),
      } as const
      const log = await openRecordLog({ directory: config.records, log: 'cli-accounts', holds: 'log' }).catch(
        () => null,
      )
      try {
        await log!.append([...keysMade(keys), event])
      } catch {
        io.stderr(`${say(words.unrecorded, io.lang)}\n`)
        return exit.unable
      } finally {
        await log?.close()
      }
      await endedSessionsOf(config.keys, keys.ring).endAllOf(name)
      io.stdout(`${say(words.done, io.lang)}\n`)
      return exit.well
    })
  },
}

const words = {
  name: { zh: '请写出一个账户名或登录名；或选项不对。', en: 'Give one account or login; or an option is not right.' },
  unrecorded: { zh: '无法写入记录，未执行。', en: 'It cannot be put on record, and was not done.' },
  done: {
    zh: '此前的会话全部结束。此人仍可重新登录：账户用 accounts remove 删除，认证服务的账号在那里停用。每台网关须各自执行。',
    en: 'All sessions begun so far are over. To keep somebody out, remove the account, or disable it at the provider. Do the same on each other gateway.',
  },
}
