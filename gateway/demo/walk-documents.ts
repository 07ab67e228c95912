/** One student in each kind of document that the old system answers: what is asked for, and the few words of it to show. */
import type { Question, Shown } from './asking.ts'
import { studentQuestion } from './student-exports.ts'
import type { StudentFile } from './student-files.ts'
import { cellsOf } from './workbook.ts'

export type Excerpt = {
  readonly name: 'page' | 'service' | 'csv' | 'workbook'
  readonly question: Question
  /** What it says of the student, on one line; empty where it says nothing. */
  readonly excerpt: (shown: Shown) => string
  /** All that it says, as text. */
  readonly whole: (shown: Shown) => string
  /** What it has to hold however much is masked. */
  readonly marks: readonly string[]
}

export function documentsOf({ id, campus, rowId }: StudentFile): Excerpt[] {
  const whole = (shown: Shown) => shown.text
  const rows = (shown: Shown) => rowsIn(shown.bytes)
  return [
    {
      name: 'page',
      question: { path: `/student.jsp?id=${id}` },
      excerpt: ({ text }) => {
        const cells = ['姓名', '身份证号', '家庭住址'].map(label => cellBeside(text, label))
        return cells.every(cell => cell === null)
          ? ''
          : `${cells.map(cell => cell || '—').join('  ')}  [ ${inputNamed(text, 'tel')} ]`
      },
      whole,
      marks: [campus, '</html>', 'getElementById'],
    },
    {
      name: 'service',
      question: { path: '/services/StudentService', body: studentQuestion(id), type: 'text/xml;charset=UTF-8' },
      excerpt: ({ text }) => ['xm', 'idCard', 'tel'].map(name => elementNamed(text, name)).join(''),
      whole,
      marks: [rowId, campus, '</soap:Envelope>'],
    },
    {
      name: 'csv',
      question: { path: '/export/students.csv' },
      excerpt: ({ text }) => text.split('\r\n')[id]?.split(',').slice(0, 6).join(',') ?? '',
      whole,
      marks: ['学号,姓名,', campus],
    },
    {
      name: 'workbook',
      question: { path: '/export/students.xlsx' },
      excerpt: shown => rows(shown)[id]?.slice(0, 6).join(' | ') ?? '',
      whole: shown =>
        rows(shown)
          .map(row => row.join('\t'))
          .join('\n'),
      marks: ['学号\t姓名\t', campus],
    },
  ]
}

/** Whether a document came through: as much of it as before, with its marks, and nothing personal that `isClean` knows. */
export function wellMasked(
  { excerpt, whole, marks }: Excerpt,
  before: Shown,
  after: Shown,
  isClean: (text: string) => boolean,
): boolean {
  const [was, is] = [whole(before), whole(after)]
  return (
    after.status === 200 &&
    marks.every(mark => is.includes(mark)) &&
    was.split('\n').length === is.split('\n').length &&
    excerpt(after) !== '' &&
    !isClean(was) &&
    isClean(is)
  )
}

function cellBeside(page: string, label: string): string | null {
  return new RegExp(`<th>${label}</th><td[^>]*>([^<]*)`).exec(page)?.[1] ?? null
}

function inputNamed(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
}

function elementNamed(xml: string, name: string): string {
  return new RegExp(`<${name}\\b[^>]*>[^<]*</${name}>|<${name}\\b[^>]*/>`).exec(xml)?.[0] ?? ''
}

/** None where it is no workbook. */
function rowsIn(bytes: Uint8Array): string[][] {
  try {
    return cellsOf(bytes)
  } catch {
    return []
  }
}
