/** The desk of answers that wait, put together: its log, its files, its people, and what counts as a stricter policy. */
import type { GrantDesk } from '../../access/grants/desk.ts'
import type { KeyFolder } from '../../access/keys.ts'
import { openReviewDesk, type PastReview, type ReviewDesk } from '../../access/reviews/desk.ts'
import type { Review } from '../../access/reviews/ledger.ts'
import { type HeldStore, heldStore } from '../../access/reviews/store.ts'
import type { Config, ReviewSettings } from '../../config/config.ts'
import { nextMonth } from '../../config/quantities.ts'
import { peopleOf } from '../../console/people.ts'
import type { Notice } from '../../contracts.ts'
import type { Reviews } from '../../exchange/held/holding.ts'
import type { OperationalLog } from '../../log.ts'
import { isPerson } from '../../person-name.ts'
import type { Policy } from '../../policy/policy.ts'
import { readRecords } from '../../records/files/read.ts'
import type { ReviewEvent, ReviewTerms } from '../../review-event.ts'
import { widerThan } from '../policies/diff-policies.ts'

const words = {
  late: {
    zh: '有应答等待审核已久：veilgate reviews list',
    en: 'an answer has waited long for review: see veilgate reviews list',
  },
}

/** The files of answers that wait, in whatever process. */
function heldStoreOf({ folder, limits }: ReviewSettings, { ring }: KeyFolder): HeldStore {
  return heldStore(folder, () => ring.readable('held answer'), limits.answer)
}

/** What the exchange needs of reviews. */
export function reviewsWith(
  desk: Reviews['desk'],
  settings: ReviewSettings,
  keys: KeyFolder,
  timezone: string,
): Reviews {
  return {
    desk,
    store: heldStoreOf(settings, keys),
    limits: settings.limits,
    monthEnd: now => nextMonth(now, timezone),
  }
}

export type ReviewDeskOptions = {
  readonly config: Config
  readonly keys: KeyFolder
  readonly log: OperationalLog
  readonly policy: () => Policy
  readonly grants: Pick<GrantDesk, 'get'>
  /** The log all decisions are in, and its name. */
  readonly append: (event: ReviewEvent) => Promise<unknown>
  readonly logName: string
  readonly tell: (notice: Notice) => void
}

/** null: nobody reviews anything. */
export async function openReviews(options: ReviewDeskOptions): Promise<ReviewDesk | null> {
  const { config, keys, log, policy, grants, append, logName, tell } = options
  const { reviews } = config
  if (reviews === null) return null
  const people = peopleOf(config)
  const { isOvertaken, remember } = overtaking(policy)
  return openReviewDesk(
    {
      ...reviews,
      append(event) {
        if (event.action === 'held') remember()
        return append(event)
      },
      store: heldStoreOf(reviews, keys),
      people,
      isOvertaken,
      hasAsked: (person, { operator, grant }) => {
        const granted = grant === null ? undefined : grants.get(grant)?.terms
        const askers = [operator, granted?.operator, granted?.requester]
        return askers.some(one => one != null && isPerson(people.get(person) ?? { name: person }, one))
      },
      now: Date.now,
      onLate(review) {
        log.warn(words.late, { system: review.terms.system, route: review.terms.route })
        tell(lateNotice(review, config))
      },
    },
    eventsIn(config.records, logName),
  )
}

/** Policies that answers were masked by since the start, newest last; of an older one nobody can know what it showed. */
const mostPolicies = 32

/**
 * Whether the policy in force shows less than the one an answer was masked by: then a caller would not get now what it
 * has been waiting for. What the change does not touch for this audience and route stays as it was.
 */
function overtaking(policy: () => Policy): { isOvertaken(terms: ReviewTerms): boolean; remember(): void } {
  const known = new Map<string, Policy>()
  const compared = new Map<string, ReturnType<typeof widerThan>>()
  const current = (): Policy => {
    const now = policy()
    known.set(now.digest, now)
    while (known.size > mostPolicies) known.delete(known.keys().next().value!)
    return now
  }
  const isOvertaken = (terms: ReviewTerms): boolean => {
    const now = current()
    if (now.digest === terms.policy) return false
    const then = known.get(terms.policy)
    if (then === undefined) return true
    const key = `${terms.policy} ${now.digest}`
    if (compared.size > mostPolicies) compared.clear()
    const shownThen = compared.get(key) ?? widerThan(now, then)
    compared.set(key, shownThen)
    return shownThen.some(
      ({ audience, system, route }) =>
        (audience === null || audience === terms.audience) &&
        (system === null || system === terms.system) &&
        (route === null || route.slice(route.indexOf(' ') + 1) === terms.route),
    )
  }
  return { isOvertaken, remember: current }
}

/** How many answers wait and for how long the oldest has, in the text format of Prometheus. */
export function reviewMetrics(desk: Pick<ReviewDesk, 'list'>, now: number): string {
  const open = desk.list().filter(({ ended }) => ended === null)
  const waited = open.map(({ terms }) => (now - Date.parse(terms.made)) / 1000)
  const gauge = (name: string, help: string, value: number) =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`
  return (
    gauge('veilgate_reviews_open', 'Answers that wait for review, or to be fetched.', open.length) +
    gauge('veilgate_reviews_oldest_seconds', 'For how long the oldest of them has waited.', Math.max(0, ...waited))
  )
}

/** What is damaged, or went with a file, could have been the end of a review. */
async function* eventsIn(directory: string, log: string): AsyncGenerator<PastReview> {
  let damaged = false
  const onDamage = () => {
    damaged = true
  }
  for await (const entry of readRecords(directory, { log, onDamage })) {
    if (entry.kind === 'review') yield { event: entry as unknown as ReviewEvent, time: Date.parse(entry.time) }
    else if (entry.kind === 'gap' && entry['lost'] !== null) yield 'lost'
  }
  if (damaged) yield 'lost'
}

/** To all who may review, by name: names and numbers as they are on record. */
function lateNotice({ terms, steps }: Review, { reviews, approvers }: Config): Notice {
  const { id, consumer, operator, system, route, until, rows } = terms
  const groups = new Set(Object.values(reviews!.groups).flat())
  const names = approvers.filter(({ group }) => groups.has(group)).map(({ name }) => name)
  return {
    ...{ id: `review-${id}`, time: new Date().toISOString(), rule: 'review_waits' },
    ...{ consumer, operator, address: null, amount: steps.length, limit: rows, record: id },
    words: {
      zh: `${system} ${route} 的应答 ${id} 等待审核已久，${until} 到期后清除。致：${names.join('、')}`,
      en: `answer ${id} of ${system} ${route} has waited long for review; it is erased at ${until}. To: ${names.join(', ')}`,
    },
  }
}
