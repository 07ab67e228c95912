import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { type Entry, parseEntry } from '../../records/files/read.ts'
import { parseCheckpoint } from '../../records/proof/checkpoint.ts'
import { parseNote } from '../../records/proof/note.ts'
import { parseProof } from '../../records/proof/proof-file.ts'
import { proveRecord } from '../../records/prove.ts'
import { idOf } from '../../records/query/query.ts'
import { printable } from '../../records/query/table.ts'
import { readingDraft } from '../../records/reading.ts'
import { tell } from '../../records/tell/tell.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { askingOptions, askingUsage, askRecords, placeOf } from './asking.ts'
import { typeTitles } from './type-titles.ts'

export const command: Command = {
  name: 'records show',
  summary: {
    zh: '用一句话说明一条访问记录，列出其内容，并说明其证明',
    en: 'tell one access record in a sentence, list what is in it, and say what proves it',
  },
  usage: `LOG:SEQ [--records DIR | --postgres WHAT] [--timezone ZONE] [--json]
    LOG:SEQ         the record's number, as in the answer of a refused request: gw1-0:1042
    ${askingUsage}
    --timezone ZONE of the time shown; the gateway's, if left out
    --json          the record as it is written`,
  async run(args, io) {
    const options = { ...askingOptions, timezone: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
    const place = await placeOf(values, io)
    if (typeof place === 'number') return place
    const { timezone } = place
    const asked = /^([a-z0-9][a-z0-9-]{0,62}):(0|[1-9][0-9]{0,14})$/.exec(positionals[0] ?? '')
    if (asked === null || positionals.length > 1) throw new UsageError(words.which)
    return askRecords(place, io, async ({ source, reading, folder }) => {
      const found = await source.get(asked[1]!, Number(asked[2]))
      await reading.append(readingDraft('show', [], found === null ? 0 : 1))
      if (found === null) return unable(words.none, io)
      if (values.json === true) io.stdout(`${JSON.stringify(found.entry)}\n`)
      else io.stdout(`${say(tell(found.context, timezone, typeTitles()), io.lang)}\n\n${listOf(found.entry)}`)
      const proof = folder === null ? null : await proofOf(folder, found.entry)
      if (proof !== null && values.json !== true) io.stdout(`\n${say(proof.words, io.lang)}\n`)
      return proof?.isWrong ? exit.wrong : exit.well
    })
  },
}

/** What proves the record, by what stands beside the log: that is only as good as who can write there. */
async function proofOf(
  folder: string,
  entry: Entry,
): Promise<{ readonly words: Bilingual; readonly isWrong: boolean }> {
  const proof = await proveRecord(folder, entry.log, entry.seq)
  if (typeof proof !== 'string') return { words: words[proof.not], isWrong: proof.not === 'there' }
  const { line, note } = parseProof(Buffer.from(proof))!
  const isSame = JSON.stringify(parseEntry(line)) === JSON.stringify(entry)
  if (!isSame) return { words: words.there, isWrong: true }
  const { text, signatures } = parseNote(note)!
  const size = parseCheckpoint(text)?.size ?? 0
  return { words: words.proved(idOf(entry), size, signatures.map(({ name }) => name).join(', ')), isWrong: false }
}

/** Every key of the record on a line of its own. */
function listOf(entry: Entry): string {
  const rows = [['record', idOf(entry)], ...Object.entries(entry).filter(([key]) => key !== 'log' && key !== 'seq')]
  const width = Math.max(...rows.map(([key]) => String(key).length))
  return rows
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return `  ${printable(String(key)).padEnd(width)}  ${printable(text)}\n`
    })
    .join('')
}

const words = {
  which: {
    zh: '请给出一条记录的编号，例如 gw1-0:1042。',
    en: 'Give the number of one record, such as gw1-0:1042.',
  },
  none: { zh: '没有这条记录。', en: 'There is no such record.' },
  signed: {
    zh: '证明：还没有已签名的检查点包含此记录（新记录约一秒后签署；control、accounts 和各命令的日志由网关日志的名册作证）。',
    en: 'Proof: no signed checkpoint covers this record yet (new ones are signed within a second or so; the logs control, accounts and those of commands are under the roster in the gateway’s).',
  },
  there: {
    zh: '证明：此记录与已签名的检查点不符！请运行 veilgate records verify，并保留目录原样。',
    en: 'Proof: this record is NOT what was signed. Run veilgate records verify, and keep the folder as it is.',
  },
  proved: (id: string, size: number, signers: string): Bilingual => ({
    zh: `证明：此记录在前 ${size} 条记录的已签名检查点之内，签名方：${signers}。要向外人证明：veilgate records prove ${id} > 文件，再由对方用另行得到的公钥运行 check-proof。`,
    en: `Proof: it is among the ${size} records under a signed checkpoint, signed by ${signers}. To prove it to others: veilgate records prove ${id} > FILE, which they check by check-proof with a key they have from elsewhere.`,
  }),
}
