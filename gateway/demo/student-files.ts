/**
 * The made-up people as the old system writes them: keys in pinyin initials, English and both, numbers as strings and
 * strings as numbers, dates without hyphens, 19-digit keys that JavaScript cannot hold. Written member by member, since
 * that is how such systems did it.
 */
import { type Person, people } from './people.ts'

export type StudentFile = {
  /** Where it stands in the list, from 1: what the paths of the old system name it by. */
  readonly id: number
  /** A snowflake of 19 digits, as text. */
  readonly rowId: string
  readonly campus: string
  readonly gpa: string
  readonly person: Person
}

const campuses = ['玉泉校区', '紫金港校区', '西溪校区']
const firstRowId = 1_790_012_345_678_900_001n

/** The first `count` students; the same in every run. */
export function studentFiles(count: number): readonly StudentFile[] {
  return people(count).map((person, index) => ({
    id: index + 1,
    rowId: String(firstRowId + BigInt(index) * 4_194_304n),
    campus: campuses[index % campuses.length]!,
    gpa: (2 + ((index * 37) % 200) / 100).toFixed(2),
    person,
  }))
}

/** One student as a JSON object, with the first guardian inside. */
export function studentJson(file: StudentFile): string {
  const { person } = file
  const guardian = person.guardians[0]!
  const [building, room] = person.dormitory.split('-')
  return object({
    rowId: file.rowId,
    xh: text(person.studentNumber),
    xm: text(person.name),
    xb: text(person.sex === '男' ? '1' : '2'),
    idCard: text(person.residentId),
    csrq: text(person.birthDate.replaceAll('-', '')),
    mz: text(person.ethnicity),
    zzmm: text(person.politicalStatus),
    tel: text(person.mobile),
    Email: text(person.email),
    qq: person.qq,
    home_address: text(person.address),
    yzbm: text(person.postcode),
    bankCardNo: text(person.bankCard),
    college: text(person.college),
    major: text(person.major),
    className: text(person.className),
    campus: text(file.campus),
    gpa: file.gpa,
    dorm: object({ building: text(building!), room: text(room!) }),
    guardian: object({ relation: text(guardian.relation), name: text(guardian.name), tel: text(guardian.mobile) }),
    remark: text(person.remark),
  })
}

/** The guardians of one student, in the envelope every answer has. */
export function guardiansJson(file: StudentFile): string {
  const rows = file.person.guardians.map(guardian =>
    object({
      relation: text(guardian.relation),
      name: text(guardian.name),
      tel: text(guardian.mobile),
      idCard: text(guardian.residentId),
      workUnit: text(guardian.employer),
    }),
  )
  return `{"code":"0","msg":"success","data":{"rows":[${rows.join(',')}]}}`
}

/** Who lives where: an object of rooms, each with a list of people. */
export function dormitoryJson(files: readonly StudentFile[]): string {
  const rooms = new Map<string, StudentFile[]>()
  for (const file of files) {
    const room = file.person.dormitory
    rooms.set(room, [...(rooms.get(room) ?? []), file])
  }
  const rows = [...rooms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([room, lodgers]) => {
      const members = lodgers.map(({ person }) =>
        object({ xh: text(person.studentNumber), xm: text(person.name), tel: text(person.mobile) }),
      )
      return object({ dormNo: text(room), beds: text('6'), members: `[${members.join(',')}]` })
    })
  return `{"code":"0","msg":"success","data":{"rows":[${rows.join(',')}]}}`
}

function text(value: string): string {
  return JSON.stringify(value)
}

/** Values are JSON already. */
function object(members: Readonly<Record<string, string>>): string {
  return `{${Object.entries(members)
    .map(([name, json]) => `${text(name)}:${json}`)
    .join(',')}}`
}
