import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { proveRecord } from '../../records/prove.ts'
import { readingDraft } from '../../records/reading.ts'
import { type Command, exit, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { findFolder, folderOptions, folderUsage, openReading } from './folder.ts'

export const command: Command = {
  name: 'records prove',
  summary: {
    zh: '生成一条访问记录的证明文件，可离线核验',
    en: 'write a file that proves one access record to anybody, offline',
  },
  usage: `LOG:SEQ [--records DIR] > FILE
    LOG:SEQ         the record's number: gw1-0:1042
    ${folderUsage}`,
  async run(args, io) {
    const { values, positionals } = parse(() =>
      parseArgs({ args: [...args], options: folderOptions, allowPositionals: true }),
    )
    const asked = /^([a-z0-9][a-z0-9-]{0,62}):(0|[1-9][0-9]{0,14})$/.exec(positionals[0] ?? '')
    if (asked === null || positionals.length > 1) throw new UsageError(words.which)
    const directory = await findFolder(values, io)
    if (typeof directory === 'number') return directory
    const reading = await openReading(directory, io)
    if (!('append' in reading)) return unable(reading, io)
    try {
      const proof = await proveRecord(directory, asked[1]!, Number(asked[2]))
      await reading.append(readingDraft('prove', [], typeof proof === 'string' ? 1 : 0))
      if (typeof proof !== 'string') return unable(words[proof.not], io)
      io.stdout(proof)
      return exit.well
    } finally {
      await reading.close()
    }
  },
}

const words = {
  which: {
    zh: '请给出一条记录的编号，例如 gw1-0:1042。',
    en: 'Give the number of one record, such as gw1-0:1042.',
  },
  signed: {
    zh: '没有涵盖这条记录的检查点：它不存在，或写于最近一次签名之后（网关每秒签名一次）。',
    en: 'No checkpoint covers this record: there is none of that number, or it was written after the last one (a gateway signs each second).',
  },
  there: {
    zh: '这条记录已不在此目录中，或不再与检查点相符；请运行 veilgate records verify。',
    en: 'This record is not in the folder any more, or no longer leads to the checkpoint; run veilgate records verify.',
  },
} satisfies Record<string, Bilingual>
