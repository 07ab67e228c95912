import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type BundleCipher, bundleCiphers, exportKeys } from '../../access/key-bundle.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, say, UsageError } from '../command.ts'
import { exportInForce } from '../in-force/files.ts'
import { checkFolder, findPlaces, orKeyFault, placesUsage, readLine, recordKey } from './folder.ts'
import { passphraseUsage, readPassphrase } from './passphrase.ts'

const words = {
  out: { zh: '请用 --out FILE 指明写到哪里。', en: 'Say where to write: --out FILE.' },
  cipher: {
    zh: `--cipher 是 ${Object.keys(bundleCiphers).join('、')} 之一。`,
    en: `--cipher is one of ${Object.keys(bundleCiphers).join(', ')}.`,
  },
  unwritable: (file: string): Bilingual => ({
    zh: `无法写入 ${file}：文件已存在，或无权限。`,
    en: `Cannot write ${file}: it exists already, or is not allowed.`,
  }),
  done: (count: number, inForce: boolean, file: string): Bilingual => ({
    zh: `已将 ${count} 个密钥文件${inForce ? '与生效的策略、告警规则' : ''}加密导出到 ${file}。没有口令，谁也无法打开；请把口令与文件分开保管。`,
    en: `Exported ${count} key files${inForce ? ', with what policy and alert rules are in force' : ''}, encrypted, to ${file}. Nobody opens it without the passphrase; keep the two apart.`,
  }),
}

/** Writes all keys, and what is in force, to one encrypted file, for a backup or another machine. */
export const command: Command = {
  name: 'keys export',
  summary: {
    zh: '把全部密钥与生效的策略加密导出为一个文件',
    en: 'export all keys, and the policy in force, to one encrypted file',
  },
  usage: `--out FILE [--cipher NAME] [--passphrase-file FILE] [--config FILE]
      --out FILE     the file to make
      --cipher NAME  ${Object.keys(bundleCiphers).join(' or ')}; the first if left out
      ${passphraseUsage}
      ${placesUsage}`,
  async run(args, io) {
    const text = { type: 'string' } as const
    const { values, positionals } = readLine(args, { out: text, cipher: text, 'passphrase-file': text })
    const { out, cipher = 'aes-256-gcm' } = values
    if (typeof out !== 'string' || positionals.length > 0) throw new UsageError(words.out)
    if (typeof cipher !== 'string' || !Object.hasOwn(bundleCiphers, cipher)) throw new UsageError(words.cipher)
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    const passphrase = await readPassphrase(values['passphrase-file'], io)
    return orKeyFault(io, async () => {
      await checkFolder(places.keys)
      const beside = exportInForce(places.keys)
      const { bundle, count } = await exportKeys(places.keys, passphrase, cipher as BundleCipher, { beside })
      const entry = { action: 'exported', purpose: 'all', name: 'all' } as const
      if (!(await recordKey(places.records, io, entry))) return exit.unable
      if (!(await write(resolve(io.cwd, out), bundle))) {
        io.stderr(`${say(words.unwritable(out), io.lang)}\n`)
        return exit.unable
      }
      io.stdout(`${say(words.done(count, beside.length > 0, out), io.lang)}\n`)
      return exit.well
    })
  },
}

async function write(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    return true
  } catch {
    return false
  }
}
