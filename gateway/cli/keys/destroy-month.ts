/** Destroys the blind-index key of one month: its records stay whole, and nobody can find a person in them any more. */
import { overwriteKeyFile, readKeyFile } from '../../access/key-files.ts'
import { destroyedText, forgottenText, monthFile, storedMonths } from '../../access/monthly-keys.ts'
import { sealedFile } from '../../access/sealed-months.ts'
import type { Bilingual } from '../../contracts.ts'
import { exit, type Io, say, UsageError } from '../command.ts'
import { checkFolder, type Places, recordKey } from './folder.ts'

/** `2026-08` of `blind-index.2026-08`, else null. */
export function monthNamed(positionals: readonly string[]): string | null {
  return positionals.length === 1 ? (/^blind-index\.(\d{4}-\d{2})$/.exec(positionals[0]!)?.[1] ?? null) : null
}

export async function destroyMonth(
  month: string,
  places: Places,
  { sure, now }: { sure: boolean; now: number },
  io: Io,
): Promise<number> {
  await checkFolder(places.keys)
  const months = storedMonths(places.keys)
  // A month may be the current one in any timezone.
  const ended = new Date(now - 86_400_000).toISOString().slice(0, 7)
  const why = !months.includes(month) ? words.none : month >= ended ? words.current : null
  const held: string[] = []
  for (const path of [monthFile(places.keys, month), sealedFile(places.records, month)]) {
    const text = await readKeyFile(path)
    if (text !== null && text !== destroyedText && text !== forgottenText) held.push(path)
  }
  const found = why ?? (held.length === 0 ? words.already : null)
  if (found !== null) {
    io.stderr(`${say(found, io.lang)}\n`)
    return exit.unable
  }
  if (!sure) throw new UsageError(words.sure)
  const entry = { action: 'destroyed', purpose: 'blind_index', name: month } as const
  if (!(await recordKey(places.records, io, entry))) return exit.unable
  for (const path of held) await overwriteKeyFile(path, destroyedText)
  io.stdout(`${say(words.done(month), io.lang)}\n`)
  return exit.well
}

const words = {
  none: {
    zh: '这个月没有单独的密钥文件：没有使用过，或早于按月存放密钥的版本（那时由主密钥派生，无法单独销毁）。',
    en: 'That month has no key of its own: it was never used, or is older than keys by the month (then derived from the master key, and not to be destroyed alone).',
  },
  current: { zh: '这个月的密钥仍在使用。', en: 'The key of that month is still in use.' },
  already: { zh: '这个月的密钥早已销毁。', en: 'The key of that month is destroyed already.' },
  sure: {
    zh: '销毁无法撤回：那个月的记录中，任何人都再也查不到是谁。确定请加 --yes。',
    en: 'This cannot be undone: nobody can find a person in the records of that month any more. Add --yes if that is meant.',
  },
  done: (month: string): Bilingual => ({
    zh: `${month} 的盲索引密钥已销毁：记录完整如前，其中的人不再可查。备份、快照和导出文件中的副本请另行销毁。`,
    en: `The blind-index key of ${month} is destroyed: the records are as whole as before, and the people in them cannot be found any more. See to copies in backups, snapshots and exports.`,
  }),
}
