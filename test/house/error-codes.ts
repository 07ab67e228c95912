import { problems } from '../../gateway/errors.ts'

/** The table of every refusal and withheld answer, as gateway/README.md shows it. */
export function errorTable(): string {
  const rows = Object.entries(problems)
    .sort(([, a], [, b]) => a.status - b.status)
    .map(([code, { status, title }]) => `| ${status} | \`${code}\` | ${title.en} | ${title.zh} |`)
  return ['| status | code | meaning | 含义 |', '|---|---|---|---|', ...rows].join('\n')
}
