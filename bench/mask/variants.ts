/** The same masking done in several ways. Each gets a body in pieces as they come from a socket, and gives bytes back. */
import redact from '@pinojs/redact'
import type { Detector, DetectorPlugin, FormatPlugin, Mask } from '../../gateway/contracts.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { normalizeName } from '../../gateway/policy/names.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { bankCard } from '../../plugins/detectors/bank-card.ts'
import { cnMobile } from '../../plugins/detectors/cn-mobile.ts'
import { cnResidentId } from '../../plugins/detectors/cn-resident-id.ts'
import { email } from '../../plugins/detectors/email.ts'
import { json } from '../../plugins/formats/json.ts'
import { keepEnds } from '../../plugins/masks/keep-ends.ts'
import { type Kind, makePlan } from './plan.ts'

/** `none` matches no field; `few` is eight of eighteen values in six kinds; `all` redacts everything that has a name. */
export type Fields = 'none' | 'few' | 'all'

/**
 * `paths` masks by names alone; `scan` has four detectors read everything, `all` every detector there is; `index` also makes
 * each person's blind index; `shipped` is the shipped policy as staff see it, with blind indexes.
 */
export type Depth = 'paths' | 'scan' | 'all' | 'index' | 'shipped'

export const variants = ['naive', 'regex', 'redact', 'plain', 'fast'] as const
export type Variant = (typeof variants)[number]

/** Takes a body in pieces, and gives out what leaves as soon as it may. */
export type Run = (pieces: Iterable<Buffer>, give: (part: Uint8Array) => void) => void

const scope = { consumer: 'bench', purpose: 'bench', dataType: 'bench' }
const keys = { secret: (purpose: string) => Buffer.alloc(32, purpose) }

const four = new Set([cnResidentId, cnMobile, email, bankCard].map(({ name }) => name))
const kinds: Readonly<Record<string, Kind>> = {
  name: kind(ends(1, 0), null, null),
  idCard: kind(ends(3, 0), cnResidentId, 1),
  mobile: kind(ends(3, 4), cnMobile, 3),
  email: kind(ends(1, 0, '@'), email, 4),
  address: kind(ends(6, 0), null, null),
  bankCard: kind(ends(6, 4), bankCard, 2),
}
/** Kinds of the detectors beyond the four, once `loadEveryDetector` has run; what they find is redacted. */
let others: Readonly<Record<string, Kind>> = {}

/** Apart from the start of the process, so that its memory is measured without them where they are not used. */
export async function loadEveryDetector(): Promise<void> {
  const { plugins } = await import('../../plugins/index.ts')
  const made = plugins.detectors.map(plugin => [plugin.name, kind(null, plugin, null)] as const)
  others = Object.fromEntries(made.filter(([name]) => !four.has(name)))
}

/** Once `loadShipped` has run. */
let shipped: Plan | null = null

export async function loadShipped(): Promise<void> {
  const { shippedPlan } = await import('./shipped.ts')
  shipped = shippedPlan(keys)
}

const everyName = [
  ...['code', 'msg', 'total', 'id', 'department', 'role', 'createdAt', 'status', 'score', 'tags', 'remark'],
  ...Object.keys(kinds),
]

function kind(mask: Mask | null, detector: DetectorPlugin | null, identifies: number | null): Kind {
  return { form: mask === null ? 'redact' : 'partial', mask, detector: detector?.create({}, keys) ?? null, identifies }
}

function ends(head: number, tail: number, until?: string): Mask {
  return keepEnds.create({ head, tail, ...(until === undefined ? {} : { until }) }, keys)
}

/** What a variant does with these fields to this depth; null where it cannot. */
export function runOf(variant: Variant, fields: Fields, depth: Depth): Run | null {
  if (variant === 'fast' || variant === 'plain') return engine(variant, fields, depth)
  if (depth === 'index' || depth === 'shipped') return null
  if (variant === 'naive') return naive(fields, depth !== 'paths')
  if (depth !== 'paths' || fields !== 'few') return null
  return variant === 'regex' ? byRegularExpression() : byRedact()
}

function engine(variant: 'fast' | 'plain', fields: Fields, depth: Depth): Run {
  const chosen: FormatPlugin = variant === 'fast' ? json : { ...json, create: () => json.create({ reader: 'plain' }) }
  const masking = createMasking({ formats: [chosen] })
  const plan = depth === 'shipped' ? shipped! : planFor(fields, depth)
  const index = blindIndex(keys, { timezone: 'Asia/Shanghai' })
  return (pieces, give) => {
    const masker = masking.start(plan, chosen, scope, { scalar: 4 << 20, depth: 128, page: 4 << 20 })
    for (const piece of pieces) for (const part of masker.write(piece)) give(part)
    for (const part of masker.end()) give(part)
    if (depth === 'index' || depth === 'shipped') index.people(masker.takeTally().subjects)
  }
}

function planFor(fields: Fields, depth: Depth): Plan {
  const all = new Map<string, Kind>()
  for (const [name, kind] of Object.entries(kinds)) {
    const detector = depth === 'paths' ? null : kind.detector
    all.set(name, { ...kind, detector, identifies: depth === 'index' ? kind.identifies : null })
  }
  for (const [name, other] of Object.entries(depth === 'all' ? others : {})) all.set(name, other)
  all.set('everything', { form: 'redact', mask: null, detector: null, identifies: null })
  const named = new Map<string, string>()
  if (fields === 'few') for (const name of Object.keys(kinds)) named.set(normalizeName(name), name)
  if (fields === 'all') for (const name of everyName) named.set(normalizeName(name), 'everything')
  if (fields === 'none') named.set('nosuchfield', 'name')
  return makePlan(all, named, depth === 'paths' ? 'keep' : 'scan')
}

/** Parse, walk, stringify: what a response interceptor does. */
function naive(fields: Fields, scans: boolean): Run {
  const masks = new Map(Object.entries(fields === 'few' ? kinds : {}).map(([name, kind]) => [name, kind.mask!]))
  const redacted = new Set(fields === 'all' ? everyName : [])
  const read = detectors()
  const text = (value: string) => (scans ? masked(value, read) : value)
  const scalar = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (typeof value !== 'number' || !scans) return value
    const shown = text(String(value))
    return shown === String(value) ? value : shown
  }
  const walk = (value: object, inRedacted: boolean): void => {
    for (const [name, one] of Object.entries(value)) {
      const gone = inRedacted || redacted.has(name)
      const into = value as Record<string, unknown>
      if (typeof one === 'object' && one !== null) walk(one, gone)
      else if (gone) into[name] = typeof one === 'string' ? '***' : null
      else if (typeof one === 'string' && masks.has(name)) into[name] = masks.get(name)!.mask(one, scope) ?? '***'
      else into[name] = scalar(one)
    }
  }
  return (pieces, give) => {
    const value = JSON.parse(whole(pieces))
    walk(value, false)
    give(Buffer.from(JSON.stringify(value)))
  }
}

function whole(pieces: Iterable<Buffer>): string {
  const all = [...pieces]
  return (all.length === 1 ? all[0]! : Buffer.concat(all)).toString()
}

type Reading = readonly { readonly detector: Detector; readonly mask: Mask | null }[]

function detectors(): Reading {
  return Object.values({ ...kinds, ...others }).flatMap(({ detector, mask }) =>
    detector === null ? [] : [{ detector, mask }],
  )
}

function masked(value: string, read: Reading): string {
  let text = value
  for (const { detector, mask } of read) {
    const spans = detector.find(text)
    if (spans.length === 0) continue
    let shown = ''
    let done = 0
    for (const { start, end } of spans) {
      shown += text.slice(done, start) + (mask?.mask(text.slice(start, end), scope) ?? '***')
      done = end
    }
    text = shown + text.slice(done)
  }
  return text
}

/** Text replacement by name, as in many scripts; it knows nothing of where a name stands. */
function byRegularExpression(): Run {
  const pattern = new RegExp(`"(${Object.keys(kinds).join('|')})"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'g')
  return (pieces, give) => {
    const shown = whole(pieces).replace(pattern, (member, name: string, value: string) => {
      const text = value.includes('\\') ? (JSON.parse(`"${value}"`) as string) : value
      const masked = JSON.stringify(kinds[name]!.mask!.mask(text, scope) ?? '***')
      return member.slice(0, member.length - value.length - 2) + masked
    })
    give(Buffer.from(shown))
  }
}

/** As logs are redacted, with the paths of this body. */
function byRedact(): Run {
  const inRows = Object.keys(kinds).map(name => `data.rows[*].${name}`)
  const paths = [...inRows, ...['name', 'mobile'].map(name => `data.rows[*].nested.emergencyContact.${name}`)]
  const censor = (value: unknown, path: string[]) => kinds[path.at(-1)!]!.mask!.mask(String(value), scope) ?? '***'
  const apply = redact({ paths, censor: censor as (value: unknown) => unknown, serialize: false })
  return (pieces, give) => give(Buffer.from(JSON.stringify(apply(JSON.parse(whole(pieces))))))
}
