import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Consumer } from '../../gateway/config/config.ts'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const catalogue = `data_types:
  student_number:
    title: { zh: 学号, en: Student number }
    cell: A3
    names: [xh]
    identifies: 1
    forms:
      partial: { keep_ends: { head: 4 } }
      token: { token: {} }
  cn_mobile:
    title: { zh: 手机号, en: Mobile number }
    cell: A3
    names: [tel]
    detector: cn_mobile
    forms:
      partial: { keep_ends: { head: 3, tail: 4 } }
      token: { token: {} }
      digest: { hmac: {} }
  person_name:
    title: { zh: 姓名, en: Name }
    cell: A2
    names: [xm]
    detector: cn_name
    forms: { partial: { keep_ends: { head: 1 } } }
  email:
    title: { zh: 邮箱, en: E-mail }
    cell: A3
    detector: email
    forms: { partial: { keep_ends: { head: 1, until: '@' } } }
  birth_date:
    title: { zh: 出生日期, en: Date of birth }
    cell: B2
    names: [csrq]
    forms: { generalize: { date_precision: {} } }
`
const audiences = `audiences:
  partner: { 4: remove, 3: token, 2: partial, 1: clear }
  staff: { 4: remove, 3: partial, 2: partial, 1: clear }
`
const system = `system: upstream
routes:
  - path: /students
    query: { xh: student_number, tel: cn_mobile, page: any }
  - { path: /chosen, query: { 'xh[]': student_number } }
  - path: /students/{id}
    methods: [GET, PUT, POST]
    body: data
    params: { id: student_number }
  - path: /students/{id}
    methods: [PATCH]
    params: { id: student_number }
    masked_values: drop
  - { path: '/open/{id}', methods: [GET, POST], body: data }
  - { path: /visits, methods: [POST], body: data }
  - { path: /echo, methods: [POST], body: data }
  - { path: '/moves/{id}', methods: [POST], body: data, params: { id: student_number } }
`

export type Student = { xh: string; xm: string; tel: string; csrq: string }
const first: Student = { xh: '2026010001', xm: '张三丰', tel: '13800138000', csrq: '1990-05-17' }

/** A legacy system of students behind a gateway, two partners, and staff. */
export type Desk = {
  readonly gateway: TestGateway
  readonly upstream: Upstream
  /** What the system has stored, and the bodies it was sent. */
  readonly student: Student
  readonly bodies: string[]
  /** As `partner`, `other` or `staff`. */
  ask(who: 'partner' | 'other' | 'staff', path: string, init?: RequestInit): Promise<Response>
  /** The first student as `partner` is shown it. */
  shown(): Promise<Student>
  close(): Promise<void>
}

export async function openDesk(): Promise<Desk> {
  const student = { ...first }
  const bodies: string[] = []
  const upstream = await startUpstream((request, response) => void answer(request, response, student, bodies))
  const keys = { partner: makeApiKey(), other: makeApiKey(), staff: makeApiKey() }
  const consumers = new Map(Object.entries(keys).map(([name, key]) => [name, trusted(name, key)]))
  const gateway = await startTestGateway({
    upstream: upstream.url,
    policies: { 'catalogue.yaml': catalogue, 'audiences.yaml': audiences, 'systems/upstream.yaml': system },
    config: { consumers, anonymous: null },
  })
  const ask: Desk['ask'] = (who, path, init = {}) =>
    fetch(`${gateway.url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { authorization: `Bearer ${keys[who]}`, ...init.headers },
    })
  return {
    gateway,
    upstream,
    student,
    bodies,
    ask,
    async shown() {
      const list = (await (await ask('partner', '/students')).json()) as { rows: Student[] }
      return list.rows[0]!
    },
    async close() {
      await gateway.close()
      await upstream.close()
    },
  }
}

export const asJson = (value: object, type = 'application/json') => ({
  headers: { 'content-type': type },
  body: JSON.stringify(value),
})
export const asForm = (values: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(values).toString(),
})

async function answer(request: IncomingMessage, response: ServerResponse, student: Student, bodies: string[]) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString('utf8')
  bodies.push(body)
  const [path = '', query] = (request.url ?? '').split('?')
  const json = (status: number, value: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  if (request.method === 'POST' && path.startsWith('/moves/')) {
    response.writeHead(303, { location: path.replace('/moves/', '/students/') }).end()
    return
  }
  const isJson = /json/.test(request.headers['content-type'] ?? '')
  if (request.method !== 'GET' && path.startsWith('/students/')) {
    Object.assign(student, isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)))
  }
  const asked = new URLSearchParams(query).get('xh')
  if (path === '/students') json(200, { rows: asked === null || asked === student.xh ? [student] : [] })
  else if (path === `/students/${student.xh}`) json(200, student)
  else if (path === '/echo') {
    response.setHeader('content-disposition', `attachment; filename="visit-${student.xh}.json"`)
    const said = {
      message: `visit of ${student.xh} (${encodeURIComponent(student.xm)})`,
      [student.xh]: Number(student.xh),
    }
    json(200, { ...said, nested: JSON.stringify(said), n: 2026, body })
  } else if (path.startsWith('/students/') && request.method === 'GET')
    json(404, { message: `no student ${path.slice(10)}` })
  else json(path === '/visits' || path.startsWith('/open/') ? 200 : 404, { done: path === '/visits' })
}

function trusted(name: string, key: string): Consumer {
  return consumer(name, {
    audience: name === 'staff' ? 'staff' : 'partner',
    credentials: withKey(key),
    namesOperators: true,
    purposes: ['enrolment', 'survey'],
  })
}
