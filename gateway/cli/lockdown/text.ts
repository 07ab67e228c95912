/** Lockdowns as people read them. */
import type { LockdownView } from '../../console/lockdown-api.ts'
import type { Bilingual } from '../../contracts.ts'
import type { Effect, Scope } from '../../lockdown-event.ts'
import { printable } from '../../records/query/table.ts'
import { localTime } from '../../records/query/when.ts'
import type { Language } from '../command.ts'

const names = {
  consumer: { zh: '调用方', en: 'consumer' },
  operator: { zh: '操作人', en: 'operator' },
  system: { zh: '系统', en: 'system' },
  route: { zh: '接口', en: 'route' },
} as const

export function scopeText(scope: Scope, lang: Language): string {
  const named = (['consumer', 'operator', 'system', 'route'] as const).filter(key => scope[key] !== null)
  if (named.length === 0) return lang === 'zh' ? '全部' : 'everything'
  return printable(named.map(key => `${names[key][lang]} ${scope[key]}`).join(' '))
}

const does: Readonly<Record<Effect, Bilingual>> = {
  block: { zh: '封锁', en: 'blocked' },
  slow_down: { zh: '限速', en: 'slowed down' },
  mask_harder: { zh: '加强脱敏', en: 'masked harder' },
}

/** `blocked`, `slowed down (6/min)`. */
function effectText({ effect, rate }: Pick<LockdownView, 'effect' | 'rate'>, lang: Language): string {
  return does[effect][lang] + (rate === null ? '' : lang === 'zh' ? `（每分钟 ${rate}）` : ` (${rate}/min)`)
}

/** One line: id, what, how, by whom, since when, how it stands. */
export function lockdownLine(one: LockdownView, lang: Language, zone: string): string {
  const zh = lang === 'zh'
  const by = one.by ?? (zh ? '网关' : 'the gateway')
  const end = one.until === null ? '' : ` ${zh ? '至' : 'until'} ${localTime(one.until, zone)}`
  const stands =
    one.lifted === null
      ? `${zh ? '生效中' : 'in force'}${end}${zh ? '，同意解除' : ', lifting'} ${one.lifting.length}/${one.needed}`
      : `${zh ? '已结束' : 'ended'} ${localTime(one.lifted, zone)}`
  const drill = one.drill ? (zh ? '（演练）' : ' (drill)') : ''
  return printable(
    `${one.id}  ${scopeText(one.scope, lang)}  ${effectText(one, lang)}${drill}  ${by}  ${localTime(one.since, zone)}  ${stands}`,
  )
}

/** The report of a drill: what was done, by whom, when, and how long it took to reach each process. */
export function drillReport(
  { id, scope, effect, rate, since, spread = [] }: LockdownView,
  by: { readonly person: string; readonly took: number },
  lang: Language,
): string {
  const reached = spread.map((took, nth) => `${nth + 1}: ${took === null ? '> 1000' : Math.ceil(took)} ms`).join(', ')
  const late = spread.some(took => took === null)
  const rows: readonly (readonly [zh: string, en: string, value: string])[] = [
    ['演练编号', 'drill', id],
    ['对象', 'what', scopeText(scope, lang)],
    ['措施', 'how', effectText({ effect, rate }, lang)],
    ['演练人', 'by', by.person],
    ['时间（UTC）', 'at (UTC)', since],
    ['从命令到确认', 'from command to confirmation', `${by.took} ms`],
    ['各进程生效', 'in force in each process', reached],
    ['一秒内全部生效', 'in force within a second', late ? (lang === 'zh' ? '否' : 'no') : lang === 'zh' ? '是' : 'yes'],
    ['实际拦截', 'traffic stopped', lang === 'zh' ? '无' : 'none'],
  ]
  const title = lang === 'zh' ? '封锁演练报告' : 'Report of a lockdown drill'
  return `# ${title}\n\n${rows.map(([zh, en, value]) => `- ${lang === 'zh' ? zh : en}: ${printable(value)}`).join('\n')}\n`
}
