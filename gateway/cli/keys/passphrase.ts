import { resolve } from 'node:path'
import { shortestPassphrase } from '../../access/key-bundle.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Io, say, UsageError } from '../command.ts'
import { readText } from './folder.ts'

const longest = 1024

export const passphraseUsage = `--passphrase-file FILE  its first line; read from standard input if left out`

const words = {
  short: {
    zh: `口令至少 ${shortestPassphrase} 个字符，写在标准输入或 --passphrase-file 文件的第一行。`,
    en: `A passphrase has at least ${shortestPassphrase} characters, on the first line of standard input or of --passphrase-file.`,
  },
  asked: { zh: '请输入口令：', en: 'Passphrase: ' },
}

/** The first line of the file or of standard input, without its end. Throws UsageError where that is no passphrase. */
export async function readPassphrase(file: string | boolean | undefined, io: Io): Promise<string> {
  const passphrase = (await firstLine(file, words.asked, io)) ?? ''
  if ([...passphrase].length < shortestPassphrase) throw new UsageError(words.short)
  return passphrase
}

/** The first line of a file, or of standard input, which `asked` asks for; null where there is none of bounded length. */
export async function firstLine(file: string | boolean | undefined, asked: Bilingual, io: Io): Promise<string | null> {
  const text = typeof file === 'string' ? await readText(resolve(io.cwd, file), longest) : await readInput(asked, io)
  return text === null ? null : text.split(/\r?\n/)[0]!
}

async function readInput(asked: Bilingual, io: Io): Promise<string | null> {
  io.stderr(`${say(asked, io.lang)}`)
  let bytes = Buffer.alloc(0)
  for await (const chunk of io.stdin) {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.includes(0x0a)) break
    if (bytes.length > longest) return null
  }
  io.stderr('\n')
  return bytes.toString('utf8')
}
