import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { plugins } from '../../../plugins/index.ts'
import type { Bilingual } from '../../contracts.ts'
import { renderFaults } from '../../policy/fault.ts'
import { loadPolicies } from '../../policy/load.ts'
import type { Policy } from '../../policy/policy.ts'
import { testKeys } from '../../policy/run-tests.ts'
import { printable } from '../../records/query/table.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { headersOf, parse } from '../options.ts'
import { anySystem, type Discovered, discoverer } from './discovering.ts'
import { answerOf, samplesIn, type Unreadable } from './places.ts'

const words = {
  places: {
    zh: '请写出要查看的文件、文件夹或网址（http、https）。',
    en: 'Name the files, folders or addresses (http, https) to look at.',
  },
  level: { zh: '--level 应为 1 到 4。', en: '--level takes 1 to 4.' },
  unread: (why: Bilingual): Bilingual => ({ zh: `未能查看：${why.zh}`, en: `not looked at: ${why.en}` }),
  why: {
    missing: { zh: '不存在，或无权读取', en: 'it is not there, or may not be read' },
    large: { zh: '超过 64 MiB', en: 'it is over 64 MiB' },
    unreachable: { zh: '无法连接，或应答中断', en: 'it cannot be reached, or broke off' },
    format: { zh: '无法按任何格式完整读取', en: 'it cannot be read as a whole in any format' },
    status: { zh: '应答状态不是 200', en: 'its answer has another status than 200' },
    moved: {
      zh: '它转往别处：请写最终的地址；若转往登录页，请用 --header 带上会话 Cookie',
      en: 'it leads elsewhere: name where it ends; if that is a sign-in, send a session by --header',
    },
  },
  size: (rows: number, people: number): Bilingual => ({
    zh: `${rows} 行，${people} 人`,
    en: `${rows} rows, ${people} people`,
  }),
  sum: (read: number, unread: number, found: number, level: number): Bilingual => ({
    zh: `查看 ${read} 份，未能查看 ${unread} 份；含 ${level} 级及以上个人信息的 ${found} 份。`,
    en: `${read} looked at, ${unread} not; with personal information of level ${level} or higher: ${found}.`,
  }),
}

/** Finds what personal information stands in what is, or will be, published. Nothing is recorded; no value is shown. */
export const command: Command = {
  name: 'discover',
  summary: {
    zh: '查看文件、文件夹、网页或接口中有哪些个人信息，只报种类与数量',
    en: 'say what personal information files, folders, pages or interfaces hold: kinds and counts, no value',
  },
  usage: `PLACE ... [--level N] [--policies DIR] [--header 'NAME: VALUE' ...] [--json]
      PLACE           a file, a folder with all that is in it, or an http or https address, asked once by GET
      --level N       status 1 is for values of this level and higher, and for what could not be looked at; 3 if left out
      --policies DIR  its catalogue counts; the shipped one if left out
      --header H      sent to addresses, such as a cookie; may be given several times
      --json          one object for each place that was looked at`,
  async run(args, io) {
    const asked = read(args)
    const policy = policyOf(asked.policies, io)
    if (typeof policy === 'number') return policy
    const discover = discoverer(policy)
    const count = { read: 0, unread: 0, found: 0 }
    for (const place of asked.places)
      for await (const sample of samplesAt(place, asked.headers, io)) {
        const done = 'why' in sample ? sample : await discover(sample)
        if ('why' in done || done.code !== null) count.unread++
        else count.read++
        if ('values' in done && gravest(done) >= asked.level) count.found++
        io.stdout(asked.json ? `${JSON.stringify(done)}\n` : textOf(done, io))
      }
    if (!asked.json) io.stdout(`\n${say(words.sum(count.read, count.unread, count.found, asked.level), io.lang)}\n`)
    return count.unread + count.found === 0 ? exit.well : exit.wrong
  },
}

type Asked = {
  readonly places: readonly string[]
  readonly level: number
  readonly policies: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly json: boolean
}

function read(args: readonly string[]): Asked {
  const text = { type: 'string' } as const
  const header = { type: 'string', multiple: true } as const
  const options = { level: text, policies: text, header, json: { type: 'boolean' } } as const
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  if (positionals.length === 0) throw new UsageError(words.places)
  const level = values.level ?? '3'
  if (!/^[1-4]$/.test(level)) throw new UsageError(words.level)
  const { policies = null, json = false } = values
  const headers = Object.fromEntries(headersOf(values.header))
  return { places: positionals, level: Number(level), policies, headers, json }
}

function policyOf(directory: string | null, io: Io): Policy | number {
  const folder = directory === null ? null : resolve(io.cwd, directory)
  const shown = directory === null ? {} : { shown: directory }
  const loaded = loadPolicies(folder, { plugins, keys: testKeys, shippedSystems: [anySystem], ...shown })
  if ('policy' in loaded) return loaded.policy
  io.stderr(renderFaults(loaded.faults, io.lang))
  return exit.wrong
}

async function* samplesAt(place: string, headers: Asked['headers'], io: Io) {
  if (/^https?:\/\//i.test(place)) yield await answerOf(place, headers)
  else yield* samplesIn(place, resolve(io.cwd, place))
}

/** 0: nothing personal. */
function gravest({ values }: Discovered): number {
  return Math.max(0, ...Object.keys(values).map(type => Number(type.at(-1))))
}

/** A line for the place, then one for each kind, the gravest first. */
function textOf(done: Discovered | Unreadable, { lang }: Io): string {
  if ('why' in done) {
    const { place, why, status = 0, cause } = done
    const told = status >= 300 && status < 400 ? words.why.moved : words.why[why]
    const of = status === 0 ? cause : `${status}`
    return `${printable(place)}  ${say(words.unread(told), lang)}${of === undefined ? '' : ` (${of})`}\n`
  }
  const { place, code, rows, people, values } = done
  const kinds = Object.entries(values).sort(([a], [b]) => Number(b.at(-1)) - Number(a.at(-1)))
  const about = kinds.length === 0 ? '' : `  ${say(words.size(rows, people), lang)}`
  const failed = code === null ? '' : `  ${say(words.unread(words.why.format), lang)} (${code})`
  const width = Math.max(0, ...kinds.map(([type]) => type.length))
  const lines = kinds.map(([type, count]) => `  ${type.padEnd(width)}  ${count}\n`)
  return `${printable(place)}${about}${failed}\n${lines.join('')}`
}
