/** A page or a file of figures: to standard output, or where `--out` says, for its owner alone. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { codeIn } from '../../error-code.ts'
import { exit, type Io, say, unable } from '../command.ts'

/** The exit status. */
export function deliver(text: string, out: string | undefined, io: Io): number {
  if (out === undefined) {
    io.stdout(text)
    return exit.well
  }
  const file = resolve(io.cwd, out)
  try {
    writeFileSync(file, text, { mode: 0o600 })
  } catch (error) {
    return unable(words.unwritten(file, codeIn(error) ?? '-'), io)
  }
  io.stderr(`${say(words.written(file), io.lang)}\n`)
  return exit.well
}

const words = {
  written: (file: string) => ({ zh: `报告已写入 ${file}`, en: `The report is in ${file}` }),
  unwritten: (file: string, code: string) => ({
    zh: `无法写入 ${file}（${code}）。`,
    en: `${file} cannot be written (${code}).`,
  }),
}
