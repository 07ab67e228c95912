import { resolve } from 'node:path'
import { BundleFault, importKeys, largestBundle } from '../../access/key-bundle.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { importInForce, isInForce } from '../in-force/files.ts'
import { findPlaces, orKeyFault, type Places, placesUsage, readLine, readText, recordKey } from './folder.ts'
import { passphraseUsage, readPassphrase } from './passphrase.ts'

const words = {
  file: { zh: '请写出要导入的一个文件。', en: 'Give the one file to import.' },
  unreadable: { zh: '这个文件读不出来。', en: 'The file cannot be read.' },
  closed: {
    zh: '打不开：口令不对，或文件不是密钥导出，或已被改动。',
    en: 'It does not open: the passphrase is wrong, or the file is no export of keys, or it was changed.',
  },
  differing: (names: readonly string[]): Bilingual => ({
    zh: `密钥文件夹中已有内容不同的文件，什么都没有写入：${names.join('、')}`,
    en: `The keys folder has files that say something else; nothing was written: ${names.join(', ')}`,
  }),
  done: (count: number, inForce: boolean): Bilingual => ({
    zh: `导入了 ${count} 个密钥文件${inForce ? '与导出时生效的策略、告警规则' : ''}。重启网关后启用。`,
    en: `Imported ${count} key files${inForce ? ', and what policy and alert rules were in force' : ''}. The gateway takes them up when it is restarted.`,
  }),
}

/** Puts the keys of an export into the keys folder. Nothing that is there is replaced. */
export const command: Command = {
  name: 'keys import',
  summary: { zh: '导入加密导出的密钥', en: 'import keys that were exported' },
  usage: `FILE [--passphrase-file FILE] [--config FILE]
      FILE           what veilgate keys export wrote
      ${passphraseUsage}
      ${placesUsage}`,
  async run(args, io) {
    const { values, positionals } = readLine(args, { 'passphrase-file': { type: 'string' } })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError(words.file)
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    const bundle = await readText(resolve(io.cwd, file), largestBundle)
    if (bundle === null) {
      io.stderr(`${say(words.unreadable, io.lang)}\n`)
      return exit.unable
    }
    const passphrase = await readPassphrase(values['passphrase-file'], io)
    return orKeyFault(io, () => put(places, passphrase, bundle, io))
  },
}

async function put(places: Places, passphrase: string, bundle: string, io: Io): Promise<number> {
  const entry = { action: 'imported', purpose: 'all', name: 'all' } as const
  if (!(await recordKey(places.records, io, entry))) return exit.unable
  try {
    const result = await importKeys(places.keys, passphrase, bundle, isInForce)
    if ('differing' in result) {
      io.stderr(`${say(words.differing(result.differing), io.lang)}\n`)
      return exit.wrong
    }
    const said = words.done(result.written.length, importInForce(places.keys, result.beside))
    io.stdout(`${say(said, io.lang)}\n`)
    return exit.well
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error
    io.stderr(`${say(words.closed, io.lang)}\n`)
    return exit.wrong
  }
}
