import { parseArgs } from 'node:util'
import { type Command, exit, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { widerThan } from './diff-policies.ts'
import { differenceText } from './diff-words.ts'
import { openCompared } from './policies.ts'

/** Compares two policy folders by what they show. */
export const command: Command = {
  name: 'diff',
  summary: {
    zh: '比较两套策略：新的让谁多看到什么、少看到什么',
    en: 'compare two policy folders: who sees more of what under the new one, and who less',
  },
  usage: `OLD NEW [--json]
    OLD, NEW   policy folders
    --json     what is more visible alone, one object a line: audience, with, system, route, field, subject, from, to
    Exit status 0: nothing is more visible; 1: something is.`,
  async run(args, io) {
    const { folders, json } = read(args)
    const [before, next] = folders.map(folder => openCompared(folder, io))
    if (before === null || next === null) return exit.unable
    const wider = widerThan(before!, next!)
    if (json) for (const one of wider) io.stdout(`${JSON.stringify(one)}\n`)
    else {
      io.stdout(
        differenceText({ wider, narrower: widerThan(next!, before!) }, { before: before!, next: next! }, io.lang),
      )
      if (wider.length === 0) io.stderr(`${say(words.none, io.lang)}\n`)
    }
    return wider.length === 0 ? exit.well : exit.wrong
  },
}

function read(args: readonly string[]): { folders: readonly [string, string]; json: boolean } {
  const options = { json: { type: 'boolean' } } as const
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  const [old, next, ...more] = positionals
  if (old !== undefined && next !== undefined && more.length === 0)
    return { folders: [old, next], json: values.json ?? false }
  throw new UsageError(words.usage)
}

const words = {
  usage: { zh: '请给出旧、新两个策略文件夹。', en: 'Give two policy folders, the old and the new.' },
  none: { zh: '新策略没有让任何人多看到什么。', en: 'Nothing is more visible under the new policy.' },
}
