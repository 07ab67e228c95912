/** What the demonstration writes: its gateway.yaml, what it says, the lines to try. */
import type { Bilingual } from '../../contracts.ts'
import type { Introduced } from './pages.ts'

export const demoWords = {
  intro: (people: number, legacy: string, gateway: string): Bilingual => ({
    zh: `Veilgate 演示

一个虚构的旧学生工作系统在 ${legacy} 运行，里面有 ${people} 名虚构的学生。
网关在它前面：${gateway}。同样的请求，分别问旧系统和网关：`,
    en: `Veilgate, a demonstration

An old student affairs system runs at ${legacy}, with ${people} made-up students in it.
The gateway stands in front of it at ${gateway}. The same requests to both:`,
  }),
  records: (command: string): Bilingual => ({
    zh: `6  留下的记录：${command}`,
    en: `6  What is on record: ${command}`,
  }),
  record: (command: string): Bilingual => ({
    zh: `7  其中一条，用一句话说：${command}`,
    en: `7  One of them, in words: ${command}`,
  }),
  verify: (command: string): Bilingual => ({
    zh: `8  记录是否完整：${command}`,
    en: `8  Whether they are whole: ${command}`,
  }),
  failed: {
    zh: '演示没有按预期进行，未通过的检查（英文名）：',
    en: 'The demonstration did not go as it should. What does not hold:',
  },
  passed: { zh: '一切如所应有。', en: 'All is as it should be.' },
  try: {
    zh: '继续试用（Ctrl-C 结束）。演示的文件都在下面的目录里，改动其中的策略即时生效：',
    en: 'Go on trying (Ctrl-C ends it). Its files are in this folder; a policy changed there is taken up at once:',
  },
  look: (gateway: string, legacy: string): Bilingual => ({
    zh: `在浏览器里看同一页：经网关 ${gateway}/student.jsp?id=8
              旧系统 ${legacy}/student.jsp?id=8`,
    en: `One page to open in a browser: ${gateway}/student.jsp?id=8
     and as the old system has it: ${legacy}/student.jsp?id=8`,
  }),
  stopped: {
    zh: (folder: string) => `已停止。记录、密钥和策略留在 ${folder}，可以删除。`,
    en: (folder: string) => `Stopped. Records, keys and policies are left in ${folder}; delete it as you like.`,
  },
} as const

/** Who comes to the gateway in the walk-through, from who sees least to who sees most. */
export const introduced: readonly Introduced[] = [
  { name: 'public', how: { zh: '没有密钥', en: 'no key' } },
  { name: 'staff', how: { zh: '密钥', en: 'a key' } },
  { name: 'counsellor', how: { zh: '人、用途、依据', en: 'who, for what, why' } },
]

/** What a counsellor's system says of the person behind a request. */
export const statement: Readonly<Record<string, string>> = {
  'Veilgate-Operator': 'u1203',
  'Veilgate-Purpose': 'counselling',
  'Veilgate-Basis': 'work_order;ref="WO-2026-0012"',
}

/** The gateway.yaml of the demonstration; `hashes` of the keys of its two consumers; `people`: who approves and asks. */
export function demoConfig(
  port: number,
  legacy: string,
  hashes: { staff: string; counsellor: string },
  people: string,
): string {
  return `# Made by \`veilgate demo\`. Paths are relative to this file.
listen: 127.0.0.1:${port}
admin: 127.0.0.1:0
policies: ./policies
records: ./records
keys: ./keys
contact: 个人信息保护投诉 0571-0000000
systems:
  student-affairs:
    upstream: ${legacy}
consumers:
  oa: { audience: staff, api_key: "${hashes.staff}" }
  counselling:
    audience: counsellor
    api_key: "${hashes.counsellor}"
    names_operators: true
    purposes: [counselling]
anonymous: { audience: public }
${people}`
}

/** Lines for a shell, each of which works as it is. */
export function tryLines(gateway: string, folder: string, keys: { staff: string; counsellor: string }): string {
  const headers = Object.entries(statement).map(([name, value]) => `-H '${name}: ${value}'`)
  return `  cd ${folder}
  curl ${gateway}/api/students/7
  curl -H 'Authorization: Bearer ${keys.staff}' \\
    '${gateway}/api/students?page=2&size=3'
  curl -H 'Authorization: Bearer ${keys.counsellor}' \\
    ${headers.join(' \\\n    ')} \\
    ${gateway}/api/students/7
  curl -i -c cookies -d 'username=u1203&password=123456' ${gateway}/api/login
  curl -b cookies ${gateway}/api/session
`
}
