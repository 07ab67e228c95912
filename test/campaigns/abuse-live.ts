/**
 * `npm run campaign:abuse-live`: the abuses that policies/alerts.yaml is to notice, played through a gateway that serves: real
 * sockets, the shipped rules, the process that follows the records. Before it, two weeks of an office's work are on record.
 * Prints by the records' own times how long each alert took after the record that raised it, and by the clock after the
 * first request; exits with 1 where one is not raised, or takes more than five seconds after its record.
 */
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { accessDraft, indexOf } from '../records/drafts.ts'
import { makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const [day, patience] = [86_400_000, 5000]
const zone = 'Asia/Shanghai'
const folder = await mkdtemp(join(tmpdir(), 'veilgate-abuse-'))
const logins = Array.from({ length: 50 }, (_, nth) => `u${1000 + nth}`)
const addressOf = (login: string) => `10.1.0.${Number(login.slice(1)) - 990}`
const canary = '11010519491231002X'

await mkdir(join(folder, 'policies/systems'), { recursive: true })
for (const name of ['catalogue.yaml', 'audiences.yaml'])
  await cp(join(import.meta.dirname, '../../policies', name), join(folder, 'policies', name))
const shipped = await readFile(join(import.meta.dirname, '../../policies/alerts.yaml'), 'utf8')
// whatever the time is now, nobody works at it
const hour = Number(new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format())
const working = `${String((hour + 8) % 24).padStart(2, '0')}:00-${String((hour + 9) % 24).padStart(2, '0')}:00`
await writeFile(
  join(folder, 'policies/alerts.yaml'),
  `${shipped.replace(/hours: \[.*\]/, `hours: [Mon-Sun ${working}]`).replace(/\ntests:[\s\S]*$/, '')}\ncanaries: [{ cn_resident_id: ${canary} }]\n`,
)
await writeFile(
  join(folder, 'policies/systems/upstream.yaml'),
  'system: upstream\nroutes: [{ path: /list }, { path: "/student/{id}" }, { path: /secret }]\n',
)
await writePast()

const upstream = await startUpstream((asked, response) => {
  const url = new URL(asked.url!, 'http://upstream')
  response.setHeader('content-type', 'application/json')
  const page = Number(url.searchParams.get('page') ?? 0)
  const one = (nth: number) => ({ studentNo: String(2023_000_000 + nth), tel: `138${String(nth).padStart(8, '0')}` })
  if (url.pathname === '/list')
    return void response.end(JSON.stringify(Array.from({ length: 20 }, (_, nth) => one(page * 20 + nth))))
  if (url.pathname === '/student/none') return void response.writeHead(404).end('{}')
  if (url.pathname === '/student/canary') return void response.end(JSON.stringify({ idCard: canary }))
  response.end(JSON.stringify(one(Number(url.pathname.split('/').at(-1)) || 0)))
})
const people = await makePeople(join(folder, 'people'))
const gateway = await startTestGateway({
  upstream: upstream.url,
  directory: folder,
  limits: { failedAuthentications: 100_000 },
  config: {
    ...{ approvers: people.approvers, requesters: people.requesters, admin: { host: '127.0.0.1', port: 0 } },
    proxies: { hops: 1, networks: ['127.0.0.0/8'] },
    policies: join(folder, 'policies'),
  },
  system: { shippedPolicy: false },
})

type Asked = { path?: string; address?: string; headers?: Record<string, string>; consumer?: 'staff' | 'counsellor' }

async function ask(operator: string | null, { path = '/list', address, headers = {}, consumer = 'staff' }: Asked = {}) {
  const from = address ?? (operator === null ? '10.9.9.9' : addressOf(operator))
  const named =
    operator === null ? {} : { 'veilgate-operator': operator, authorization: `Bearer ${gateway.keys[consumer]}` }
  const answer = await fetch(gateway.url + path, { headers: { 'x-forwarded-for': from, ...named, ...headers } })
  await answer.arrayBuffer()
}

async function times(count: number, one: (nth: number) => Promise<void>): Promise<void> {
  for (let nth = 0; nth < count; nth++) await one(nth)
}

async function grantFor(operator: string, path: string): Promise<string> {
  const by = (person: string, ...args: string[]) =>
    runCommand([
      'grants',
      ...args,
      '--key',
      people.keyOf(person),
      '--admin',
      `http://127.0.0.1:${gateway.running.admin!.port}`,
    ])
  const asked = await by(
    'li',
    ...[
      'ask',
      '--operator',
      operator,
      '--consumer',
      'counsellor',
      '--basis',
      'work_order;ref="WO-2026-9"',
      '--purpose',
      'enrolment',
    ],
    ...['--system', 'upstream', '--target', path, '--sees', 'cn_resident_id', '--from-terminal', addressOf(operator)],
    ...['--until', new Date(Date.now() + 3_600_000).toISOString()],
  )
  const id = asked.stdout.trim()
  for (const person of ['wang', 'zhang']) await by(person, 'approve', id)
  if (!/^[\w-]{22}$/.test(id)) throw new Error(asked.stderr)
  return id
}

const stated = (ref: string) => ({ 'veilgate-purpose': 'enrolment', 'veilgate-basis': `work_order;ref="${ref}"` })
const grant = await grantFor('u1009', '/student/1')

/** By the rule that is to notice it: who does what. */
const abuses: readonly (readonly [rule: string, operator: string | null, play: () => Promise<void>])[] = [
  ['many_people', 'u1000', () => times(40, nth => ask('u1000', { path: `/list?page=${nth}` }))],
  ['many_people_by_day', 'u1001', () => times(9, nth => ask('u1001', { path: `/list?page=${nth + 100}` }))],
  [
    'much_in_clear',
    'u1002',
    () =>
      times(45, nth => ask('u1002', { path: `/student/${nth}`, headers: stated('WO-2026-1'), consumer: 'counsellor' })),
  ],
  ['one_by_one', 'u1003', () => times(65, () => ask('u1003', { path: '/student/none' }))],
  ['at_night', 'u1004', () => times(2, nth => ask('u1004', { path: `/list?page=${nth + 200}` }))],
  ['elsewhere', 'u1005', () => ask('u1005', { path: '/student/5', address: '10.77.0.1' })],
  [
    'turned_away',
    'u1006',
    () =>
      times(25, () =>
        ask('u1006', { path: '/student/6', headers: { 'veilgate-grant': 'A'.repeat(22) }, consumer: 'counsellor' }),
      ),
  ],
  ['turned_away_by_address', null, () => times(60, () => ask(null, { headers: { authorization: 'Bearer vg_wrong' } }))],
  [
    'asking_by_masked_fields',
    'u1008',
    () => times(35, nth => ask('u1008', { path: `/list?tel=1380013${8000 + nth}` })),
  ],
  [
    'grant_elsewhere',
    'u1009',
    () =>
      ask('u1009', {
        path: '/student/2',
        headers: { ...stated('WO-2026-9'), 'veilgate-grant': grant },
        consumer: 'counsellor',
      }),
  ],
  [
    'one_reference_for_many',
    null,
    () =>
      times(4, nth =>
        ask(`u${1010 + nth}`, { path: '/student/7', headers: stated('WO-2026-7'), consumer: 'counsellor' }),
      ),
  ],
  ['canary', 'u1015', () => ask('u1015', { path: '/student/canary' })],
]

const [found, slowest] = [new Map<string, TestRecord>(), { delay: 0 }]
// others work meanwhile
let isOver = false
const others = (async () => {
  for (let nth = 0; !isOver; nth++) {
    await ask(logins[20 + (nth % 30)]!, { path: `/student/${nth % 30}` }).catch(() => {})
    await sleep(20)
  }
})()
await sleep(3000)
for (const [rule, operator, play] of abuses) {
  const began = Date.now()
  await play()
  for (let tries = 0; tries < 200 && !found.has(rule); tries++) {
    const alert = (await gateway.records()).find(
      one =>
        one.kind === 'alert' &&
        one['rule'] === rule &&
        Date.parse(String(one['time'])) >= began &&
        (operator === null || one['operator'] === operator),
    )
    if (alert === undefined) await sleep(100)
    else found.set(rule, alert)
  }
  const alert = found.get(rule)
  const raised = alert && (await gateway.records()).find(({ log, seq }) => `${log}:${seq}` === alert['of'])
  if (alert === undefined || raised === undefined) {
    console.log(`${rule.padEnd(26)} not noticed`)
    continue
  }
  const time = (one: TestRecord) => Date.parse(String(one['time']))
  const delay = time(alert) - time(raised)
  slowest.delay = Math.max(slowest.delay, delay)
  console.log(
    `${rule.padEnd(26)} ${String(delay).padStart(6)} ms after its record, ${String(time(alert) - began).padStart(6)} ms after the first request`,
  )
}
isOver = true
await others
await gateway.close()
await upstream.close()
await removeFolder(folder)
console.log(`noticed ${found.size} of ${abuses.length}; at the most ${slowest.delay} ms after the record`)
process.exit(found.size >= 11 && slowest.delay <= patience ? 0 : 1)

/** Two weeks of lookups, ten a day each, under a log of their own. */
async function writePast(): Promise<void> {
  let now = 0
  const log = await openRecordLog({ directory: join(folder, 'records'), log: 'past', holds: 'log', clock: () => now })
  for (let ago = 14; ago > 0; ago--)
    for (let nth = 0; nth < 10; nth++) {
      now = Date.now() - ago * day + nth * 1_800_000
      await log.append(
        logins.map(operator =>
          accessDraft({
            ...{
              operator,
              consumer: 'staff',
              address: addressOf(operator),
              system: 'upstream',
              route: '/student/{id}',
            },
            ...{ rows: 1, fields: {}, basis: null, purpose: null },
            subjects: { count: 1, index: [`${indexOf(`${operator}${nth}`)}:partial`] },
          }),
        ),
      )
    }
  await log.close()
}
