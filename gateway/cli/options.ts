import type { Bilingual } from '../contracts.ts'
import { UsageError } from './command.ts'

/** Runs parseArgs for a command; what it throws becomes a UsageError in both languages that names the option it is about. */
export function parse<Parsed>(parser: () => Parsed): Parsed {
  try {
    return parser()
  } catch (error) {
    throw new UsageError(wordsOf(error))
  }
}

/** The values of `--header`, which commands that ask a system send along, by name in lower case. Throws UsageError. */
export function headersOf(written: readonly string[] = []): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const header of written) {
    const match = /^([A-Za-z0-9-]+):[ \t]*([\x21-\x7e][\t\x20-\x7e]*)$/.exec(header)
    if (match === null) throw new UsageError(words.header)
    headers.set(match[1]!.toLowerCase(), match[2]!)
  }
  return headers
}

const words = {
  header: { zh: '--header 写作 "NAME: VALUE"。', en: 'Write --header as "NAME: VALUE".' },
  unknown: (option: string): Bilingual => ({
    zh: `没有选项 ${option}。可用的选项：`,
    en: `There is no option ${option}. There are:`,
  }),
  value: (option: string): Bilingual => ({
    zh: `选项 ${option} 缺少取值，或不应有取值。可用的选项：`,
    en: `The option ${option} lacks its value, or takes none. The options are:`,
  }),
  word: {
    zh: '多了一个不属于任何选项的词。可用的选项：',
    en: 'There is a word that belongs to no option. The options are:',
  },
  other: { zh: '选项有误。可用的选项：', en: 'There is something wrong with the options. They are:' },
}

/** parseArgs says it in English only, and quotes whatever it met; of that only what has the form of an option is repeated. */
function wordsOf(error: unknown): Bilingual {
  if (!(error instanceof Error && 'code' in error)) return words.other
  if (error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return words.word
  const option = /'(?:-\w, )?(--?[A-Za-z][A-Za-z-]{0,40})(?=['= ])/.exec(error.message)?.[1]
  if (option === undefined) return words.other
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return words.unknown(option)
  return error.code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' ? words.value(option) : words.other
}
