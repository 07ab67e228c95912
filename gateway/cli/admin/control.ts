/**
 * What is decided once for the whole gateway, however many processes it is: reviews; and, also with other gateways: grants and lockdowns.
 */
import { alone, type Deciding } from '../../access/deciding.ts'
import { queryIndex } from '../../access/grants/attempt.ts'
import { type GrantDesk, type GrantUses, openGrantDesk } from '../../access/grants/desk.ts'
import type { KeyFolder } from '../../access/keys.ts'
import { type LockdownDesk, openLockdownDesk } from '../../access/lockdown/desk.ts'
import type { Restraint } from '../../access/lockdown/scope.ts'
import type { ReviewDesk } from '../../access/reviews/desk.ts'
import { referencesOf } from '../../access/statement.ts'
import type { Config } from '../../config/config.ts'
import type { AdminApi } from '../../console/admin.ts'
import { audiencesOf, type PostedBody } from '../../console/grant-draft.ts'
import { addGrantsApi } from '../../console/grants-api.ts'
import { addLockdownApi } from '../../console/lockdown-api.ts'
import { peopleOf } from '../../console/people.ts'
import { addReviewsApi } from '../../console/reviews-api.ts'
import { sayTimezone } from '../../console/signed-api.ts'
import type { Bilingual, Notice, Plugins } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import { namedDetectors } from '../../exchange/parts.ts'
import { questionOf } from '../../exchange/request/question.ts'
import { parseTarget } from '../../exchange/request/target.ts'
import type { GrantEvent } from '../../grant-event.ts'
import type { LockdownEvent } from '../../lockdown-event.ts'
import type { OperationalLog } from '../../log.ts'
import type { Policy } from '../../policy/policy.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { SharedDeciding } from '../workers/shared-deciding.ts'
import { controlLog, grantsIn, lockdownsIn, nothingKnown } from './control-past.ts'
import { noticeOf } from './grant-notices.ts'
import { openReviews } from './reviewing.ts'

export type Control = {
  readonly grants: GrantUses & Pick<GrantDesk, 'list'>
  /** null: nobody reviews anything. */
  readonly reviews: ReviewDesk | null
  readonly lockdowns: Pick<LockdownDesk, 'inForce' | 'lockUnasked'>
  /** By whom what is locked down gets to the processes that serve. */
  spreadBy(spread: Spread): void
  /** By whom all approvers are told of an emergency. */
  tellBy(tell: (notice: Notice) => void): void
  readonly api: AdminApi
  close(): Promise<void>
}

type Spread = (restraints: readonly Restraint[]) => Promise<readonly (number | null)[]>

export type ControlParts = {
  readonly config: Config
  readonly keys: KeyFolder
  readonly plugins: Plugins
  readonly log: OperationalLog
  /** The one in force. */
  readonly policy: () => Policy
}

/** Milliseconds between looks at what has come to its end. */
const sweepEvery = 10_000
const sweepLockdownsEvery = 1000

const words = {
  lost: {
    zh: '日志 control 有内容无法读出：可能遗漏封锁，请核对 veilgate lockdown list，并运行 veilgate records verify',
    en: 'some of the log `control` cannot be read: a lockdown may be missing. See veilgate lockdown list, and run veilgate records verify',
  },
  ending: {
    zh: '限速或加强脱敏到期未能写入记录；稍后再试',
    en: 'ends of lockdowns could not be put on record; trying again',
  },
  sweeping: {
    zh: '授权或审核到期未能写入记录；稍后再试',
    en: 'ends of grants or reviews could not be put on record; trying again',
  },
}

/** The key by which grants name targets; the same in all processes. */
export function grantQueryKey(keys: KeyFolder): Uint8Array {
  return keys.ring.secret('grant query')
}

/** null: nobody is named who could approve anything. Throws RecordsFault where its log cannot be opened. */
export async function openControl(parts: ControlParts): Promise<Control | null> {
  const { config, keys, log } = parts
  if (config.approvers.length === 0) return null
  const people = peopleOf(config)
  const records = await openRecordLog({ directory: config.records, log: controlLog, holds: 'log' })
  const opened: { sharing: SharedDeciding | null } = { sharing: null }
  const close = async () => {
    await opened.sharing?.close()
    await records.close()
  }
  try {
    let tell: (notice: Notice) => void = () => {}
    const known = nothingKnown()
    // how far the log has the order of all gateways is known once it was read
    const deciding = <Event extends GrantEvent | LockdownEvent>(kind: Event['kind']): Deciding<Event> => {
      const { control: settings } = config
      if (settings === null) return alone(event => records.append([event]), Date.now)
      opened.sharing ??= new SharedDeciding({
        ...{ settings, key: keys.ring.secret('control order'), log, now: Date.now, ...known },
        append: drafts => records.append(drafts),
      })
      return opened.sharing.of(kind)
    }
    const desk = await openGrantDesk(
      {
        deciding: state => deciding<GrantEvent>('grant')(state),
        people,
        approvers: ownApprovers(config),
        audiences: new Map([...config.consumers].map(([name, consumer]) => [name, audiencesOf(consumer)])),
        now: Date.now,
        onEvent(event, grant) {
          const found = noticeOf(event, grant, config.approvers)
          if (found === null) return
          log.warn(found.words, { system: grant.terms.system })
          tell(found.notice)
        },
      },
      grantsIn(config.records, known),
    )
    let spread: Spread = async () => []
    const lockdowns = await openLockdownDesk(
      {
        deciding: state => deciding<LockdownEvent>('lockdown')(state),
        ...{ people, now: Date.now, spread: restraints => spread(restraints) },
      },
      lockdownsIn(config.records, () => log.error(words.lost)),
    )
    const reviews = await openReviews({
      ...{ config, keys, log, policy: parts.policy, grants: desk, logName: controlLog },
      append: event => records.append([event]),
      tell: notice => tell(notice),
    })
    await opened.sharing?.follow()
    const swept = desk.sweep()
    // alone, what is void is on record before anything is served; of several gateways any one will see to it
    await (config.control === null ? swept : swept.catch(() => {}))
    const sweeper = setInterval(() => {
      desk.sweep().catch(error => tellOf(log, words.sweeping, error))
      reviews?.sweep().catch(error => tellOf(log, words.sweeping, error))
    }, sweepEvery).unref()
    const ender = setInterval(() => {
      lockdowns.sweep().catch(error => tellOf(log, words.ending, error))
    }, sweepLockdownsEvery).unref()
    const drafts = draftParts(parts, grantQueryKey(keys))
    return {
      grants: desk,
      reviews,
      lockdowns,
      tellBy(by) {
        tell = by
      },
      spreadBy(by) {
        spread = by
      },
      api(app) {
        sayTimezone(app, config.timezone)
        addGrantsApi(app, { desk, people, drafts, now: Date.now })
        addLockdownApi(app, { desk: lockdowns, people, now: Date.now })
        if (reviews !== null) addReviewsApi(app, { desk: reviews, people, now: Date.now })
      },
      async close() {
        clearInterval(sweeper)
        clearInterval(ender)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function ownApprovers({ bases }: Config): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    [...bases].flatMap(([kind, { approvers }]) => (approvers === null ? [] : [[kind, approvers] as const])),
  )
}

/** That the database of all gateways is away is said once, by who follows it. */
function tellOf(log: OperationalLog, what: Bilingual, error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'GRANTS_UNUSABLE')) log.warn(what, { error })
}

function draftParts({ config, plugins, policy }: ControlParts, key: Uint8Array) {
  return {
    policy,
    consumers: config.consumers,
    references: referencesOf(config.bases),
    formats: new Set(plugins.formats.map(({ name }) => name)),
    queryOf(grant: string, target: string, body: PostedBody | null) {
      try {
        const { path, parameters } = parseTarget(target, undefined)
        if (body === null) return { path, index: queryIndex(key, grant, 'GET', path, parameters) }
        const question = askedBy(body)
        return { path, index: question === null ? null : queryIndex(key, grant, 'POST', path, parameters, question) }
      } catch {
        return null
      }
    },
    isPersonal: (text: string) => holdsPersonal(text, policy()),
    now: Date.now,
  }
}

function askedBy({ type, base64 }: PostedBody): string | null {
  try {
    return questionOf(type, Buffer.from(base64, 'base64'))
  } catch {
    return null
  }
}

/** As statements are read (access/statement.ts): a long number in letters counts too. */
export function holdsPersonal(text: string, policy: Policy): boolean {
  const names = [...policy.catalogue.keys()].map(name => ({ name }))
  const parts = [text, ...(text.match(/[0-9]{8,}[Xx]?/g) ?? [])]
  return namedDetectors(policy, names).some(({ detector }) => parts.some(part => detector.find(part).length > 0))
}
