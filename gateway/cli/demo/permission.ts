/** The last part of the demonstration: more than the masked answer, by permission; and what is noticed and stopped. */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bilingual } from '../../contracts.ts'
import type { LegacySystem } from '../../demo/legacy-system.ts'
import { leaks } from '../../demo/walkthrough.ts'
import { readRecords } from '../../records/files/read.ts'
import { parseSigner, writeSigner } from '../../records/proof/note.ts'
import { displayWidth } from '../../terminal.ts'
import type { Command, Io } from '../command.ts'
import { command as approve } from '../grants/approve.ts'
import { command as ask } from '../grants/ask.ts'
import { command as lockdown } from '../lockdown/lockdown.ts'
import { statement } from './text.ts'

/** li asks; wang of security and zhang of privacy give. */
const people = { li: null, wang: 'security', zhang: 'privacy' } as const
type Person = keyof typeof people

/** Makes the people's keys in the folder; returns what gateway.yaml says of them. */
export async function makePeople(folder: string): Promise<string> {
  await mkdir(join(folder, 'people'), { mode: 0o700 })
  const lines = { approvers: '', requesters: '' }
  for (const [name, group] of Object.entries(people)) {
    const secret = writeSigner(name, randomBytes(32))
    await writeFile(join(folder, 'people', `${name}.key`), `${secret}\n`, { mode: 0o600 })
    const key = parseSigner(secret)!.verifier.text
    if (group === null) lines.requesters += `  ${name}: { key: "${key}" }\n`
    else lines.approvers += `  ${name}: { key: "${key}", group: ${group} }\n`
  }
  return `approvers:\n${lines.approvers}requesters:\n${lines.requesters}`
}

/** Who in the old system is made up to be looked at by nobody: what alerts.yaml says of them. */
export function canaryOf({ students }: LegacySystem): { id: number; yaml: string } {
  const { id, person } = students.at(-1)!
  return { id, yaml: `canaries: [{ cn_resident_id: "${person.residentId}" }]\n` }
}

export type Demonstration = {
  readonly folder: string
  readonly url: string
  readonly admin: string
  readonly legacy: LegacySystem
  /** Of the consumer `counselling`. */
  readonly key: string
}

/** Walks through it and prints it. Returns what is not as it should be. */
export async function showPermission(demo: Demonstration, io: Io): Promise<string[]> {
  const stage = new Stage(demo, io)
  io.stdout(`\n${words.heading[io.lang]}\n`)
  await stage.showOne()
  await stage.showMany()
  await stage.showWatching()
  return stage.failed
}

class Stage {
  readonly failed: string[] = []
  readonly #demo: Demonstration
  readonly #io: Io

  constructor(demo: Demonstration, io: Io) {
    this.#demo = demo
    this.#io = io
  }

  async showOne(): Promise<void> {
    const { id, person } = this.#demo.legacy.students[7]!
    const path = `/api/students/${id}`
    const idCard = async (grant: string | null) => {
      const answer = await this.#get(path, { grant })
      const body = (await answer.json()) as { code?: string; data?: { rows: { idCard: string }[] } }
      return body.data?.rows[0]?.idCard ?? `${answer.status} ${body.code}`
    }
    this.#line(words.without, await idCard(null), shown => /^\d{3}\*+$/.test(shown))
    const grant = await this.#ask(path, '--sees', 'cn_resident_id')
    this.#line(words.asked, `veilgate grants ask … --sees cn_resident_id`, () => grant !== '')
    await this.#approve('wang', grant)
    this.#line(words.one, await idCard(grant), shown => shown === '403 GRANT_UNUSABLE')
    await this.#approve('zhang', grant)
    this.#line(words.two, await idCard(grant), shown => shown === person.residentId)
    this.#line(words.again, await idCard(grant), shown => shown === '403 GRANT_UNUSABLE')
  }

  async showMany(): Promise<void> {
    const path = '/api/students?page=1&size=100'
    const rows = async (grant: string | null) => {
      const answer = await this.#get(path, { grant })
      const text = await answer.text()
      const { code, data } = JSON.parse(text) as { code?: string; data?: { rows: unknown[] } }
      const { ids, mobiles } = leaks(text)
      return data === undefined
        ? `${answer.status} ${code}`
        : words.rows(data.rows.length, ids + mobiles)[this.#io.lang]
    }
    this.#line(words.list, await rows(null), shown => shown === '403 ROWS_NEED_GRANT')
    const grant = await this.#ready(path, '--rows', '100', '--format', 'json')
    this.#line(words.granted, await rows(grant), shown => shown === words.rows(100, 0)[this.#io.lang])
    const cut = await this.#export(await this.#ready('/export/students.ndjson', '--rows', '600'))
    this.#line(words.export, words.cut(cut)[this.#io.lang], () => cut > 0 && cut <= 600)
  }

  async showWatching(): Promise<void> {
    const path = `/api/students/${canaryOf(this.#demo.legacy).id}`
    await (await this.#get(path, { operator: 'u1777' })).arrayBuffer()
    const alert = await this.#alert('u1777')
    this.#line(words.canary, alert, shown => shown !== '')
    const status = async (operator: string) => {
      const answer = await this.#get('/api/students/7', { operator })
      const { code } = (await answer.json()) as { code: string }
      return answer.status === 200 ? '200' : `${answer.status} ${code}`
    }
    await this.#run(lockdown, 'wang', '--operator', 'u1777')
    this.#line(words.locked, await status('u1777'), shown => shown === '403 LOCKED_DOWN')
    this.#line(words.others, await status('u1203'), shown => shown === '200')
  }

  #get(path: string, { grant = null, operator }: { grant?: string | null; operator?: string }): Promise<Response> {
    const headers = {
      Authorization: `Bearer ${this.#demo.key}`,
      ...statement,
      ...(operator !== undefined && { 'Veilgate-Operator': operator }),
      ...(grant !== null && { 'Veilgate-Grant': grant }),
    }
    return fetch(this.#demo.url + path, { headers })
  }

  /** Lines that came before the connection was cut; 0 where it was not. */
  async #export(grant: string): Promise<number> {
    const answer = await this.#get('/export/students.ndjson', { grant })
    let text = ''
    try {
      for await (const chunk of answer.body!) text += Buffer.from(chunk).toString('latin1')
      return 0
    } catch {
      return text.split('\n').length
    }
  }

  async #ask(target: string, ...more: string[]): Promise<string> {
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const who = ['--operator', statement['Veilgate-Operator']!, '--consumer', 'counselling']
    const why = ['--purpose', statement['Veilgate-Purpose']!, '--basis', statement['Veilgate-Basis']!]
    const what = ['--system', 'student-affairs', '--target', target, '--from-terminal', '127.0.0.1', '--until', until]
    return this.#run(ask, 'li', ...who, ...why, ...what, ...more)
  }

  #approve(by: Person, grant: string): Promise<string> {
    return this.#run(approve, by, grant)
  }

  async #ready(target: string, ...more: string[]): Promise<string> {
    const grant = await this.#ask(target, ...more)
    for (const by of ['wang', 'zhang'] as const) await this.#approve(by, grant)
    return grant
  }

  /** What a command prints. */
  async #run(command: Command, by: Person, ...args: string[]): Promise<string> {
    let printed = ''
    const stdout = (text: string | Uint8Array) => void (printed += String(text))
    const key = join(this.#demo.folder, 'people', `${by}.key`)
    const status = await command.run([...args, '--key', key, '--admin', this.#demo.admin], {
      ...this.#io,
      stdout,
      stderr: () => {},
    })
    if (status !== 0) this.failed.push(`veilgate ${command.name} ends with 0`)
    return printed.trim()
  }

  /** The alert about an operator, once it is on record; the empty string where it does not come. */
  async #alert(operator: string): Promise<string> {
    for (let tries = 0; tries < 300; tries++) {
      for await (const entry of readRecords(join(this.#demo.folder, 'records')))
        if (entry.kind === 'alert' && entry['operator'] === operator)
          return `${String(entry['rule'])} ${operator}, ${String(entry['of'])}`
      await sleep(50)
    }
    return ''
  }

  #line(name: Bilingual, shown: string, holds: (shown: string) => boolean): void {
    const left = name[this.#io.lang]
    this.#io.stdout(`   ${left}${' '.repeat(Math.max(1, nameWidth - displayWidth(left)))}${shown}\n`)
    if (!holds(shown)) this.failed.push(name.en)
  }
}

const nameWidth = 36

const words = {
  heading: {
    zh: '9  想看更多，须经许可：一次性授权，两人批准；谁看了不该看的，会被发现并封锁',
    en: '9  More than that takes leave: a grant by two people, used once. Abuse is noticed, and stopped',
  },
  without: { zh: '说明人、用途、依据，身份证号', en: 'who, what for, why: the ID number' },
  asked: { zh: '申请授权', en: 'a grant is asked for' },
  one: { zh: '一人批准后', en: 'approved by one' },
  two: { zh: '不同组的两人批准后', en: 'approved by two of two groups' },
  again: { zh: '同一授权再用一次', en: 'the same grant once more' },
  list: { zh: '一次要 100 人', en: 'a hundred students at once' },
  granted: { zh: '有授权（仍脱敏）', en: 'with a grant, still masked' },
  export: { zh: '授权 600 行，导出 640 行', en: 'a grant for 600 rows, 640 exported' },
  canary: { zh: '有人打开了无人应看的学生：告警', en: 'somebody opens a canary: the alert' },
  locked: { zh: '封锁此人后', en: 'that operator, locked down' },
  others: { zh: '其他人', en: 'everybody else' },
  rows: (rows: number, leaked: number): Bilingual => ({
    zh: `${rows} 行，身份证号和手机号 ${leaked}`,
    en: `${rows} rows, ID and mobile numbers: ${leaked}`,
  }),
  cut: (lines: number): Bilingual => ({
    zh: `第 ${lines} 行后切断，记录在案`,
    en: `cut after ${lines} lines, on record`,
  }),
}
