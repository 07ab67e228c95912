/** What `records verify` says to people: what is proved, by whom, what is not, and why. */
import type { Bilingual } from '../../contracts.ts'
import { localTime } from '../../records/query/when.ts'
import type { Vouched } from '../../records/verify/evidence.ts'
import type { LogReport } from '../../records/verify/folder.ts'
import type { Found, ShownBy } from '../../records/verify/report.ts'
import { type Language, say } from '../command.ts'

/** Times in the timezone given. */
export function describe(report: LogReport, lang: Language, timezone: string): string {
  const line = (one: Found) =>
    `    ${[one.code, placeOf(one, report.log)].filter(part => part !== '').join(' ')}: ${say(one.words, lang)}`
  const problem = (one: Found) => `${line(one)}${say(words.shownBy[one.shownBy], lang)}`
  const problems = report.problems.map(problem)
  if (report.more > 0) problems.push(`    ${say(words.more(report.more), lang)}`)
  const parts = [say(words.log(report, timezone), lang), ...proofOf(report, timezone).map(one => `  ${say(one, lang)}`)]
  if (problems.length > 0) parts.push(`  ${say(words.problems, lang)}`, ...problems)
  if (report.notes.length > 0) parts.push(`  ${say(words.notes, lang)}`, ...report.notes.map(line))
  return `${parts.join('\n')}\n`
}

/** `gw1-0.000003.jsonl:1234 gw1-0:17–20`. */
function placeOf({ file, offset, at, records }: Found, log: string): string {
  const name = file === null ? at : `${log}.${String(file).padStart(6, '0')}.jsonl`
  const place = name === null ? '' : offset === null ? name : `${name}:${offset}`
  if (records === null) return place
  const [first, last] = records
  return `${place} ${log}:${first}${last > first ? `–${last}` : ''}`.trimStart()
}

/** One line for each who vouches for some of it, and one for what nobody does. */
function proofOf({ origin, vouched, proved, next }: LogReport, timezone: string): Bilingual[] {
  if (origin === null && vouched.length === 0) return []
  const lines = vouched.map(one => words.vouched(one, timezone))
  const best = Math.max(proved.witness, proved.key)
  if (best < next) lines.push(best === 0 ? words.unproved : words.tail(best, next))
  return lines
}

/** Of all logs together. */
export function conclusion(reports: readonly LogReport[]): Bilingual {
  if (reports.some(report => report.problems.length > 0)) return words.wrong
  const signed = reports.filter(report => report.origin !== null || report.vouched.length > 0)
  if (signed.some(({ proved }) => proved.witness > 0)) return words.witnessed
  return signed.some(({ proved }) => proved.key > 0) ? words.keyed : words.selfAsserted
}

const words = {
  log: ({ log, files, entries, from, to, head }: LogReport, timezone: string): Bilingual => {
    const [first, last] = [from, to].map(time => (time === null ? '-' : localTime(time, timezone)))
    return {
      zh: `日志 ${log}：${entries} 条记录，${files} 个文件，${first} 至 ${last}\n  末批哈希 ${head}`,
      en: `log ${log}: ${entries} records in ${files} ${files === 1 ? 'file' : 'files'}, ${first} to ${last}\n  hash of the last batch ${head}`,
    }
  },
  vouched: ({ by, records, time, trust }: Vouched, timezone: string): Bilingual => {
    const at = time === null ? '' : localTime(new Date(time).toISOString(), timezone)
    const seen = time === null ? { zh: '', en: '' } : { zh: `，见于 ${at}`, en: `, seen at ${at}` }
    const how = {
      witness: { zh: '已由见证方证明', en: 'proved by a witness' },
      key: { zh: '已由所给密钥证明', en: 'proved by the key given' },
      self: { zh: '自称（密钥只在日志旁边找到）', en: 'self-asserted (its key was found beside the log)' },
    }[trust]
    return { zh: `前 ${records} 条：${how.zh}，${by}${seen.zh}`, en: `first ${records}: ${how.en}, ${by}${seen.en}` }
  },
  tail: (from: number, next: number): Bilingual => ({
    zh: `第 ${from} 至 ${next - 1} 条：尚未证明，最近一次签名或见证在它们之前`,
    en: `records ${from} to ${next - 1}: not proved yet, written after the last of these`,
  }),
  unproved: {
    zh: '没有给出密钥或见证方（--key、--witness），因此对能写入此目录的人什么也没有证明',
    en: 'no key or witness was given (--key, --witness), so nothing is proved against those who can write to this folder',
  },
  problems: { zh: '问题：', en: 'problems:' },
  notes: { zh: '说明：', en: 'notes:' },
  shownBy: {
    log: { zh: '', en: '' },
    key: { zh: '（由密钥发现）', en: ' (shown by the key)' },
    witness: { zh: '（只有见证方才能发现）', en: ' (it took a witness to show this)' },
  } satisfies Record<ShownBy, Bilingual>,
  more: (many: number): Bilingual => ({ zh: `另有 ${many} 处问题`, en: `and ${many} more problems` }),
  witnessed: {
    zh: '完整，并与见证方所见一致：在其见证之前的记录既未改动，也未被截去。',
    en: 'Whole, and what the witness has seen: nothing up to there was changed or cut off.',
  },
  keyed: {
    zh: '完整，并由所给密钥签署。持有该密钥的人仍可截去末尾或重写；只有见证方（--witness）能排除这一点。',
    en: 'Whole, and signed by the key that was given. Whoever holds that key could still have cut the end off or written it anew; only a witness (--witness) rules that out.',
  },
  selfAsserted: {
    zh: '完整：编号连续，每批与其哈希相符、首尾相接。\n以上仅由日志自身证明：末尾若被整体截去，或全部重写，单凭日志看不出来；请给出密钥（--key）或见证方（--witness），或与另存的末批哈希和记录数对照。',
    en: 'Whole: no number is missing, and each batch matches its hash and follows the one before.\nOnly the log itself says so: an end cut off in one piece, or a log written anew from its beginning, does not show in it. Give a key (--key) or a witness (--witness), or compare the number of records and the hash of the last batch with a note kept elsewhere.',
  },
  wrong: {
    zh: '有问题：见上。请保留目录原样，并与副本对照。',
    en: 'Wrong: see above. Keep the folder as it is, and compare it with a copy.',
  },
}
