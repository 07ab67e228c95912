/** What alert rules notice less of than those before, or tell to fewer: as records say it, and as people sign for it. Pure. */
import type { Rule } from '../../access/alerts/rules.ts'
import { isWithin } from '../../access/clock.ts'
import type { Alerts } from './file.ts'

type Change = readonly [what: string, isWeaker: boolean]

/** One line for each, in a fixed order: `many_people:over:300-500`. Names and numbers only. */
export function weakerThan(before: Alerts, after: Alerts): string[] {
  const rules = before.rules.flatMap(old => {
    const now = after.rules.find(({ name }) => name === old.name)
    const changes = now === undefined ? [['removed', true] as const] : changesOf(old, now)
    return changes.filter(([, isWeaker]) => isWeaker).map(([what]) => `${old.name}:${what}`)
  })
  const canaries = new Set(after.canaries.map(one => JSON.stringify(one)))
  const gone = before.canaries.filter(one => !canaries.has(JSON.stringify(one))).length
  const notifiers = [...before.notifiers].flatMap(([name, old]) => {
    const now = after.notifiers.get(name)
    if (now !== undefined && JSON.stringify(now) === JSON.stringify(old)) return []
    return [`notifier:${name}:${now === undefined ? 'removed' : 'changed'}`]
  })
  return [...rules, ...(gone > 0 ? [`canaries:${gone}:removed`] : []), ...notifiers].sort()
}

function changesOf(old: Rule, now: Rule): Change[] {
  const dropped = old.actions.filter(action => !now.actions.includes(action))
  const isSlow = old.actions.includes('slow_down')
  const endsItself = isSlow || old.actions.includes('mask_harder')
  return [
    [`watch:${old.watch}-${now.watch}`, now.watch !== old.watch],
    [`per:${old.per}-${now.per}`, now.per !== old.per],
    [`within:${old.within}-${now.within}`, now.within < old.within],
    [`over:${old.over}-${now.over}`, now.over > old.over],
    [`times_own:${old.timesOwn ?? 0}-${now.timesOwn ?? 0}`, (now.timesOwn ?? 0) > (old.timesOwn ?? 0)],
    [`times_peers:${old.timesPeers ?? 0}-${now.timesPeers ?? 0}`, (now.timesPeers ?? 0) > (old.timesPeers ?? 0)],
    ['hours', old.watch === 'off_hours' && coversMore(now, old)],
    [`quiet:${old.quiet}-${now.quiet}`, now.quiet > old.quiet],
    [`actions:${dropped.join('+')}:removed`, dropped.length > 0],
    [`lasts:${old.lasts}-${now.lasts}`, endsItself && now.lasts < old.lasts],
    [`slow_to:${old.slowTo}-${now.slowTo}`, isSlow && now.slowTo > old.slowTo],
  ]
}

/** Whether there is a minute of the week in these hours that was not in the others. */
function coversMore({ hours }: Rule, { hours: others }: Rule): boolean {
  for (let minute = 0; minute < 7 * 1440; minute++) {
    const time = { day: Math.floor(minute / 1440), minute: minute % 1440 }
    if (isWithin(hours, time) && !isWithin(others, time)) return true
  }
  return false
}
