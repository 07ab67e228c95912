import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { parseEntry } from '../../records/files/read.ts'
import { type Checked, checkProof } from '../../records/proof/proof-file.ts'
import { printable } from '../../records/query/table.ts'
import { localTime } from '../../records/query/when.ts'
import { tell } from '../../records/tell/tell.ts'
import { type Command, exit, type Io, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { broughtBy, evidenceOptions } from './evidence.ts'
import { timezoneOf } from './folder.ts'
import { typeTitles } from './type-titles.ts'

export const command: Command = {
  name: 'records check-proof',
  summary: {
    zh: '核验一条访问记录的证明文件：只需该文件和一把公钥',
    en: 'check the proof of one access record: it takes the file and a public key',
  },
  usage: `FILE --key KEY [--witness KEY ...] [--timezone ZONE] [--json]
    FILE            as veilgate records prove wrote it
    --key KEY       the log's public key (veilgate keys log-key), or a file of keys
    --witness KEY   a witness's public key: then the witness must have signed it as well
    --timezone ZONE of the time shown; the machine's, if left out
    --json          the record as it was written`,
  async run(args, io) {
    const { key, witness } = evidenceOptions
    const options = { key, witness, timezone: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
    const timezone = timezoneOf(values.timezone)
    const { keys, witnessed } = broughtBy(values, io)
    if (positionals.length !== 1 || keys.length === 0 || witnessed.length > 0) throw new UsageError(words.usage)
    const bytes = read(resolve(io.cwd, positionals[0]!))
    if (bytes === null) return unable(words.unreadable, io)
    const checked = checkProof(bytes, keys)
    const missing = 'wrong' in checked ? null : keys.filter(one => !checked.by.some(({ by }) => by === one))
    if ('wrong' in checked) io.stdout(`${say(words[checked.wrong], io.lang)}\n`)
    else if (missing!.length > 0) io.stdout(`${say(words.unsigned(missing!.map(one => one.name)), io.lang)}\n`)
    else return show(checked, values.json === true, timezone, io)
    return exit.wrong
  },
}

function show(checked: Exclude<Checked, { wrong: string }>, json: boolean, timezone: string, io: Io): number {
  const line = checked.proof.line.toString('utf8')
  const entry = parseEntry(checked.proof.line)
  if (json) io.stdout(`${line}\n`)
  else {
    const names = checked.by.map(({ by, seconds }) =>
      seconds === null
        ? by.name
        : `${by.name} ${localTime(new Date(seconds * 1000).toISOString(), timezone)} (${timezone})`,
    )
    const told = entry === null ? '' : `\n${say(tell(entry, timezone, typeTitles()), io.lang)}\n`
    io.stdout(
      `${say(words.right(checked.proof.index, checked.checkpoint.size, names), io.lang)}\n${told}\n${printable(line)}\n`,
    )
  }
  return exit.well
}

const mostBytes = 256 * 1024

function read(path: string): Buffer | null {
  try {
    return statSync(path).size > mostBytes ? null : readFileSync(path)
  } catch {
    return null
  }
}

const words = {
  usage: {
    zh: '请给出一个证明文件，并用 --key 给出公钥。',
    en: 'Give one proof, and a public key by --key.',
  },
  unreadable: { zh: '无法读取该文件。', en: 'The file cannot be read.' },
  PROOF_MALFORMED: { zh: '这不是证明文件，或已损坏。', en: 'This is no proof, or it is damaged.' },
  SIGNATURE_WRONG: {
    zh: '不成立：检查点不是由该密钥签署的，或被改动。',
    en: 'Wrong: the checkpoint is not signed by this key, or was changed.',
  },
  PROOF_WRONG: {
    zh: '不成立：这条记录不在已签署的日志之中，或被改动。',
    en: 'Wrong: this record is not in the log that was signed, or was changed.',
  },
  RECORD_OTHER: { zh: '不成立：记录与编号不符。', en: 'Wrong: the record does not have that number.' },
  unsigned: (names: readonly string[]): Bilingual => ({
    zh: `不成立：没有以下各方的签名：${names.join('、')}。`,
    en: `Wrong: it is not signed by ${names.join(', ')}.`,
  }),
  right: (index: number, size: number, names: readonly string[]): Bilingual => ({
    zh: `成立：这是一份 ${size} 条记录的日志中的第 ${index} 条，由以下各方签署：${names.join('、')}。`,
    en: `Proved: this is record ${index} of a log of ${size}, signed by ${names.join(', ')}.`,
  }),
} satisfies Record<string, Bilingual | ((...args: never[]) => Bilingual)>
