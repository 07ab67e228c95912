import { resolve } from 'node:path'
import { shortestPassphrase } from '../access/key-bundle.ts'
import { type Io, say, UsageError } from './command.ts'
import { readText } from './keys-folder.ts'

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
  const text = typeof file === 'string' ? await readText(resolve(io.cwd, file), longest) : await firstLine(io)
  const passphrase = (text ?? '').split(/\r?\n/)[0]!
  if ([...passphrase].length < shortestPassphrase) throw new UsageError(words.short)
  return passphrase
}

async function firstLine(io: Io): Promise<string | null> {
  io.stderr(`${say(words.asked, io.lang)}`)
  let bytes = Buffer.alloc(0)
  for await (const chunk of io.stdin) {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.includes(0x0a)) break
    if (bytes.length > longest) return null
  }
  io.stderr('\n')
  return bytes.toString('utf8')
}
