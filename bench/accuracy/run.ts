/** How much of what is personal the shipped catalogue finds: see ../README.md. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { shippedPolicy } from '../../gateway/policy/load.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import type { Policy } from '../../gateway/policy/policy.ts'
import { plugins } from '../../plugins/index.ts'
import { chanceFrom } from '../../test/support/made-up/chance.ts'
import { harmlessText, kinds, textWith } from '../../test/support/made-up/texts.ts'
import { machine } from '../machine.ts'
import { type Counts, measureTexts, type Sentence, spellings, typeByName } from './measure.ts'
import { sentences } from './sentences.ts'

export async function run(args: string[]): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { seed: text, each: text, faults: { type: 'boolean' } } })
  const [seed, each] = [Number(values.seed ?? 20_261_121), Number(values.each ?? 4000)]
  const { policy, plan } = shipped()
  const made = measureTexts(plan, madeUp(seed, each))
  const byHand = [...sentences(seed)].map(([style, all]) => ({ style, all, ...measureTexts(plan, all) }))
  const half = (which: number) => byHand.flatMap(({ all }) => all.filter((_, at) => at % 2 === which))
  const more = [...sentences(seed, 'more-sentences.txt').values()].flat()
  const unseen = [...sentences(seed, 'unseen-sentences.txt').values()].flat()
  const newest = [...sentences(seed, 'newest-sentences.txt').values()].flat()
  const groups = {
    'looked at': measureTexts(plan, half(0)),
    'not looked at': measureTexts(plan, half(1)),
    'other styles, not looked at': measureTexts(plan, more),
    'yet other styles, looked at since': measureTexts(plan, unseen),
    'the newest, looked at since': measureTexts(plan, newest),
  }
  const named = byName(policy, plan)
  const foreign = await foreignNames(plan)
  const report = [
    '# What is found',
    machine(),
    `- seed ${seed}: \`npm run bench -- accuracy --seed ${seed} --each ${each}\``,
    '',
    ...nameTable(named, foreign),
    '',
    ...madeTable(made.byType, seed, each),
    '',
    ...handTable(byHand, groups, [more.length, unseen.length, newest.length]),
    '',
  ].join('\n')
  if (values.each === undefined) {
    await mkdir(join(import.meta.dirname, '../results'), { recursive: true })
    await writeFile(join(import.meta.dirname, '../results/accuracy.md'), report)
  }
  console.log(report)
  if (values.faults === true)
    for (const line of [...made.faults.slice(0, 200), ...groups['looked at'].faults]) console.log(line)
}

/** The policies of the package, for a system that says nothing of its own. */
export function shipped(): { policy: Policy; plan: Plan } {
  const keys = { secret: (purpose: string) => Buffer.alloc(32, purpose) }
  const policy = shippedPolicy(['any'], { plugins, keys })
  const system = policy.systems.get('any')!
  const match = system.match('GET', '/x')
  if (!('route' in match)) throw new Error('the shipped policy takes every path')
  return { policy, plan: policy.plan(system, match.route, 'public', new Set()) }
}

/** Texts of every kind there is a generator for, and a quarter as many without anything in them. */
export function* madeUp(seed: number, each: number): Generator<Sentence> {
  const chance = chanceFrom(seed)
  for (const type of Object.keys(kinds)) {
    for (let count = 0; count < each; count++) {
      const { text, start, end } = textWith(type, chance)
      yield { text, values: [{ start, end, type }] }
    }
  }
  const harmless = Math.ceil((Object.keys(kinds).length * each) / 4)
  for (let count = 0; count < harmless; count++) yield { text: harmlessText(chance), values: [] }
}

type Named = { names: number; spelt: number; found: number; missed: string[] }

/** Every name of the catalogue in all its spellings. */
function byName(policy: Policy, plan: Plan): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>()
  for (const type of policy.catalogue.values()) {
    const all = type.names.flatMap(({ name }) => spellings(name))
    const missed = all.filter(name => typeByName(plan, name) !== type.name)
    named.set(type.name, { names: type.names.length, spelt: all.length, found: all.length - missed.length, missed })
  }
  return named
}

async function foreignNames(plan: Plan): Promise<readonly { name: string; type: string; got: string }[]> {
  const lines = (await readFile(join(import.meta.dirname, 'field-names.txt'), 'utf8')).split('\n')
  return lines
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split(' ') as [string, string])
    .map(([name, type]) => ({ name, type, got: typeByName(plan, name) ?? '-' }))
}

const percent = (part: number, whole: number) => (whole === 0 ? '' : (part / whole).toFixed(3))

function nameTable(
  named: ReadonlyMap<string, Named>,
  foreign: readonly { name: string; type: string; got: string }[],
): string[] {
  const all = [...named.values()]
  const sum = (pick: (one: Named) => number) => all.reduce((total, one) => total + pick(one), 0)
  const short = [...named].filter(([, one]) => one.found < one.spelt)
  const personal = foreign.filter(one => one.type !== '-')
  const other = foreign.filter(one => one.type === '-')
  const masked = personal.filter(one => one.got !== '-').length
  const right = personal.filter(one => one.got === one.type).length
  const unknown = personal.filter(one => one.got === '-').map(({ name }) => `\`${name}\``)
  return [
    '## By field name',
    '',
    `${named.size} types, ${sum(one => one.names)} names of the catalogue in ${sum(one => one.spelt)} spellings (snake, camel, upper, full-width, zero-width …): recall ${percent(
      sum(one => one.found),
      sum(one => one.spelt),
    )}.`,
    short.length === 0
      ? 'No type falls short.'
      : `Short: ${short.map(([type, one]) => `${type} (${one.missed.slice(0, 3).join(', ')})`).join('; ')}.`,
    '',
    `${personal.length} names of fields that the catalogue was not written from: ${percent(masked, personal.length)} masked, ${percent(right, personal.length)} as the right type; ` +
      `of ${other.length} that are nobody's ${other.filter(one => one.got !== '-').length} masked. Not known: ${unknown.join(', ')}.`,
  ]
}

function madeTable(byType: ReadonlyMap<string, Counts>, seed: number, each: number): string[] {
  const total = [...byType.values()].reduce((sum, one) => sum + one.values, 0)
  const rows = [...byType].map(([type, { values, found, masked, wrong }]) => {
    const cells = [type, values, percent(found, values), percent(masked, values), wrong, percent(found, found + wrong)]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '## In made-up text',
    '',
    `${total} values in running text, written in groups, full-width, with prefixes and labels, and ${Math.ceil((Object.keys(kinds).length * each) / 4)} texts of`,
    `order numbers, times, versions, digests and words that look like names (seed ${seed}, \`test/support/made-up\`). Masked: whatever it was taken for.`,
    '',
    '| type | values | recall | masked | wrong | precision |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows,
  ]
}

type Style = { style: string; all: readonly Sentence[]; byType: ReadonlyMap<string, Counts> }

function handTable(
  styles: readonly Style[],
  groups: Readonly<Record<string, { byType: ReadonlyMap<string, Counts> }>>,
  [others, unseen, newest]: readonly number[],
): string[] {
  const byType = new Map<string, Counts>()
  for (const { byType: ofStyle } of styles) {
    for (const [type, one] of ofStyle) {
      const sum = byType.get(type) ?? { values: 0, found: 0, masked: 0, wrong: 0 }
      byType.set(type, {
        values: sum.values + one.values,
        found: sum.found + one.found,
        masked: sum.masked + one.masked,
        wrong: sum.wrong + one.wrong,
      })
    }
  }
  const row = (name: string, { values, found, masked, wrong }: Counts) =>
    `| ${[name, values, percent(found, values), percent(masked, values), wrong, percent(found, found + wrong)].join(' | ')} |`
  const none: Counts = { values: 0, found: 0, masked: 0, wrong: 0 }
  return [
    '## In sentences written by hand',
    '',
    `${styles.reduce((sum, one) => sum + one.all.length, 0)} sentences in ${styles.length} styles (\`bench/accuracy/sentences.txt\`), written before anything was measured on them; five labels were set right after the first run.`,
    'What was missed was looked at in the first, third, fifth … of each style while the detectors of names and addresses were made, and not in the others;',
    `nor in ${others} of other styles (\`more-sentences.txt\`), written before those detectors were looked at again. In ${unseen} of yet others`,
    `(\`unseen-sentences.txt\`) 0.481 of names and 0.750 of addresses were found, in ${newest} newer ones (\`newest-sentences.txt\`) 0.377 and 0.625, before what was missed in them was looked at for its causes:`,
    '',
    '| | values | recall | masked | wrong | precision |',
    '|---|---:|---:|---:|---:|---:|',
    ...['person_name', 'address'].flatMap(type =>
      Object.entries(groups).map(([name, { byType: ofGroup }]) => row(`${type}, ${name}`, ofGroup.get(type) ?? none)),
    ),
    '',
    'All of the first file:',
    '',
    '| type | values | recall | masked | wrong | precision |',
    '|---|---:|---:|---:|---:|---:|',
    ...[...byType].sort(([, a], [, b]) => b.values - a.values).map(([type, one]) => row(type, one)),
    '',
    'Names by style:',
    '',
    '| style | names | recall | masked | wrong | precision |',
    '|---|---:|---:|---:|---:|---:|',
    ...styles.map(({ style, byType: ofStyle }) => row(style, ofStyle.get('person_name') ?? none)),
  ]
}
