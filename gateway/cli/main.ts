#!/usr/bin/env node
/** Picks a command and runs it. One file per command; a command is imported only when it is asked for. */
import type { Bilingual } from '../contracts.ts'
import { nearest } from '../policy/spelling.ts'
import { type Command, exit, type Io, type Language, say, UsageError } from './command.ts'
import { usageInChinese } from './usage-zh.ts'
import { versionLine } from './version.ts'

type Load = () => Promise<{ command: Command }>

/** In the order of the overview. */
const groups: readonly { readonly title: Bilingual; readonly commands: readonly (readonly [string, Load])[] }[] = [
  {
    title: { zh: '运行', en: 'Run' },
    commands: [
      ['serve', () => import('./serve/serve.ts')],
      ['demo', () => import('./demo/demo.ts')],
      ['rehearse', () => import('./rehearse/rehearse.ts')],
      ['discover', () => import('./discover/discover.ts')],
      ['lockdown', () => import('./lockdown/lockdown.ts')],
      ['lockdown list', () => import('./lockdown/list.ts')],
      ['lockdown lift', () => import('./lockdown/lift.ts')],
      ['witness', () => import('./witness.ts')],
      ['doctor', () => import('./doctor/doctor.ts')],
    ],
  },
  {
    title: { zh: '策略', en: 'Policies' },
    commands: [
      ['check', () => import('./policies/check.ts')],
      ['test', () => import('./policies/test.ts')],
      ['explain', () => import('./policies/explain.ts')],
      ['mask', () => import('./policies/mask.ts')],
      ['diff', () => import('./policies/diff.ts')],
      ['policies approve', () => import('./policies/approve.ts')],
    ],
  },
  {
    title: { zh: '授权', en: 'Grants' },
    commands: [
      ['grants ask', () => import('./grants/ask.ts')],
      ['grants list', () => import('./grants/list.ts')],
      ['grants show', () => import('./grants/show.ts')],
      ['grants approve', () => import('./grants/approve.ts')],
      ['grants refuse', () => import('./grants/refuse.ts')],
      ['grants revoke', () => import('./grants/revoke.ts')],
      ['grants review', () => import('./grants/review.ts')],
    ],
  },
  {
    title: { zh: '审核', en: 'Reviews' },
    commands: [
      ['reviews list', () => import('./reviews/list.ts')],
      ['reviews show', () => import('./reviews/show.ts')],
      ['reviews pass', () => import('./reviews/pass.ts')],
      ['reviews check', () => import('./reviews/check.ts')],
      ['reviews release', () => import('./reviews/release.ts')],
      ['reviews refuse', () => import('./reviews/refuse.ts')],
    ],
  },
  {
    title: { zh: '访问记录', en: 'Access records' },
    commands: [
      ['records query', () => import('./records/query.ts')],
      ['records show', () => import('./records/show.ts')],
      ['records trace', () => import('./records/trace.ts')],
      ['records reconcile', () => import('./records/reconcile.ts')],
      ['records report', () => import('./records/report.ts')],
      ['records export', () => import('./records/export.ts')],
      ['records verify', () => import('./records/verify.ts')],
      ['records prove', () => import('./records/prove.ts')],
      ['records check-proof', () => import('./records/check-proof.ts')],
      ['records hold', () => import('./records/hold.ts')],
      ['records prune', () => import('./records/prune.ts')],
      ['records approve', () => import('./records/approve.ts')],
    ],
  },
  {
    title: { zh: '账户', en: 'Accounts' },
    commands: [
      ['accounts add', () => import('./accounts/add.ts')],
      ['accounts list', () => import('./accounts/list.ts')],
      ['accounts password', () => import('./accounts/password.ts')],
      ['accounts totp', () => import('./accounts/totp.ts')],
      ['accounts unlock', () => import('./accounts/unlock.ts')],
      ['accounts sign-out', () => import('./accounts/sign-out.ts')],
      ['accounts remove', () => import('./accounts/remove.ts')],
    ],
  },
  {
    title: { zh: '密钥', en: 'Keys' },
    commands: [
      ['keys api-key', () => import('./keys/api-key.ts')],
      ['keys password', () => import('./keys/password.ts')],
      ['keys approver', () => import('./keys/approver.ts')],
      ['keys log-key', () => import('./keys/log-key.ts')],
      ['keys trace-authority', () => import('./keys/trace-authority.ts')],
      ['keys list', () => import('./keys/list.ts')],
      ['keys rotate', () => import('./keys/rotate.ts')],
      ['keys retire', () => import('./keys/retire.ts')],
      ['keys destroy', () => import('./keys/destroy.ts')],
      ['keys export', () => import('./keys/export.ts')],
      ['keys import', () => import('./keys/import.ts')],
    ],
  },
]

const commands: ReadonlyMap<string, Load> = new Map(groups.flatMap(group => group.commands))

const words = {
  language: { zh: '--lang 之后应为 zh 或 en。', en: '--lang takes zh or en.' },
  failed: {
    zh: '命令因程序内部错误中止；请将以下位置信息报告给开发者：',
    en: 'The command stopped on an internal error; please report where:',
  },
}

/** Runs one command line; returns the exit status. Nothing but `process` wiring is outside this function. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const { lang, rest } = takeLanguage(args, io.lang)
  if (lang === null) {
    io.stderr(`${say(words.language, io.lang)}\n`)
    return exit.unable
  }
  const named = { ...io, lang }
  const found = find(rest)
  if (found === null) {
    if (rest[0] === '--version') {
      io.stdout(versionLine())
      return exit.well
    }
    const asked = rest.find(word => !word.startsWith('-'))
    const helps = rest.includes('--help') || rest.includes('-h')
    const begins = [...commands.keys()].some(name => name.startsWith(`${asked} `))
    const second = rest[rest.indexOf(asked ?? '') + 1]
    const typed = begins && second !== undefined && !second.startsWith('-') ? `${asked} ${second}` : asked
    if (typed !== undefined && (!begins || typed !== asked)) io.stderr(`${say(unknown(typed, second), lang)}\n`)
    if (asked === undefined || begins) io.stdout(await overview(lang, asked))
    return helps && (asked === undefined || begins) ? exit.well : exit.unable
  }
  const { command } = await found.load()
  if (found.args.includes('--help') || found.args.includes('-h')) {
    io.stdout(`${say(command.summary, lang)}\n\n  veilgate ${usageOf(command, lang)}\n`)
    return exit.well
  }
  try {
    return await command.run(found.args, named)
  } catch (error) {
    if (error instanceof UsageError) io.stderr(`${say(error.words, lang)}\n  veilgate ${usageOf(command, lang)}\n`)
    else io.stderr(`${say(words.failed, lang)}\n${whereOf(error)}\n`)
    return exit.unable
  }
}

function usageOf({ name, usage }: Command, lang: Language): string {
  return `${name} ${lang === 'zh' ? usageInChinese(usage) : usage}`
}

/** The command most likely meant: by both words, by the first, or by a last word that one command alone has. */
function meantBy(typed: string, second: string | undefined): string | null {
  const names = [...commands.keys()]
  const both = second === undefined ? null : nearest(`${typed} ${second}`, names)
  const ending = names.filter(name => name.endsWith(` ${typed}`))
  return both ?? nearest(typed, names) ?? (ending.length === 1 ? ending[0]! : null)
}

function unknown(name: string, second: string | undefined): Bilingual {
  const meant = meantBy(name, second)
  if (meant === null)
    return {
      zh: `没有名为“${name}”的命令。运行 veilgate --help 查看全部命令。`,
      en: `There is no command named '${name}'. Run veilgate --help for all of them.`,
    }
  return {
    zh: `没有名为“${name}”的命令。您是否想运行 veilgate ${meant}？`,
    en: `There is no command named '${name}'. Did you mean veilgate ${meant}?`,
  }
}

/** The longest run of leading words that names a command: `records query` before `records`. */
function find(args: readonly string[]): { load: () => Promise<{ command: Command }>; args: string[] } | null {
  for (const length of [2, 1]) {
    const load = commands.get(args.slice(0, length).join(' '))
    if (load !== undefined && args.length >= length) return { load, args: args.slice(length) }
  }
  return null
}

/** Every command by group with what it does; with a word, those that begin with it. */
async function overview(lang: Language, first?: string): Promise<string> {
  const width = Math.max(0, ...[...commands.keys()].map(name => name.length))
  const sections: string[] = []
  for (const { title, commands: all } of groups) {
    const asked = first === undefined ? all : all.filter(([name]) => name.startsWith(`${first} `))
    const loaded = await Promise.all(asked.map(async ([, load]) => (await load()).command))
    const lines = loaded.map(({ name, summary }) => `  ${name.padEnd(width)}  ${say(summary, lang)}\n`)
    if (lines.length > 0) sections.push(`${say(title, lang)}\n${lines.join('')}`)
  }
  return `veilgate COMMAND [--help] [--lang zh|en] | --version\n\n${sections.join('\n')}`
}

/** What `--lang` says, without the rest; a locale such as `zh_CN.UTF-8` counts for its language. null: another language. */
function takeLanguage(args: readonly string[], preset: Language): { lang: Language | null; rest: string[] } {
  const at = args.findIndex(word => word === '--lang' || word.startsWith('--lang='))
  if (at < 0) return { lang: preset, rest: [...args] }
  const joined = args[at]!.startsWith('--lang=')
  const value = joined ? args[at]!.slice(7) : args[at + 1]
  const rest = [...args.slice(0, at), ...args.slice(at + (joined ? 1 : 2))]
  const named = /^(zh|en)(?![a-z])/i.exec(value ?? '')
  return { lang: named === null ? null : (named[1]!.toLowerCase() as Language), rest }
}

/** Type and place of an error, without its message: a message can quote what was being read. */
function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter(line => line.trimStart().startsWith('at '))
  return [error.name, ...frames.slice(0, 8)].join('\n')
}

if (import.meta.main) {
  const { env } = process
  const preset = /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'zh' : 'en'
  // `veilgate records query | head`: who reads our output may stop when they have enough.
  process.stdout.on('error', error => {
    process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? exit.well : exit.unable)
  })
  process.exitCode = await main(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: text => void process.stdout.write(text),
    stderr: text => void process.stderr.write(text),
    lang: preset,
    cwd: env['INIT_CWD'] || process.cwd(),
    env,
  })
}
