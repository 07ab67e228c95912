import { relative } from 'node:path'
import type { Config, Consumer } from '../../config/config.ts'
import { displayWidth, padded } from '../../terminal.ts'
import type { Io, Language } from '../command.ts'
import type { Running } from './start.ts'

const words = {
  zh: {
    title: 'Veilgate 脱敏网关正在运行',
    listen: '入口',
    admin: '管理',
    systems: '系统',
    audiences: '调用方',
    records: '记录',
    policy: '策略',
    keys: '密钥',
    shipped: '内置策略',
    readsOnly: '内置策略：只许 GET；登录、保存须另写策略',
    anonymous: '（无凭据者）',
    any: '其余全部路径',
    all: '全部路径',
    read: '查看记录',
    stop: '按 Ctrl-C 停止',
  },
  en: {
    title: 'Veilgate is serving',
    listen: 'callers',
    admin: 'admin',
    systems: 'systems',
    audiences: 'for',
    records: 'records',
    policy: 'policy',
    keys: 'keys',
    shipped: 'shipped policies',
    readsOnly: 'shipped policies: GET only; to sign in or save takes a policy of its own',
    anonymous: '(without credentials)',
    any: 'every other path',
    all: 'every path',
    read: 'read them',
    stop: 'Ctrl-C stops it',
  },
}

/** Most of these of one kind are shown; the configuration has them all. */
const most = 8

/** What serves, to whom, and where records go, on one screen. */
export function servingText(config: Config, running: Pick<Running, 'address' | 'admin' | 'policy'>, io: Io): string {
  const say = words[io.lang]
  const origin = ({ host, port }: { host: string; port: number }) =>
    `${host.includes(':') ? `[${host}]` : host}:${port}`
  const scheme = config.tls === null ? 'http' : 'https'
  const adminScheme = config.signIn.tls === null ? 'http' : 'https'
  const shown = (path: string) => relative(io.cwd, path) || '.'
  const systems = systemLines(config, io.lang)
  const consumers: Consumer[] = [...config.consumers.values()]
  const audiences = consumers.map(({ name, audience }) => `${name} = ${audience}`)
  if (config.anonymous !== null) audiences.push(`${say.anonymous} = ${config.anonymous.audience}`)
  const policies = config.policies === null ? say.shipped : shown(config.policies)
  const rows: [string, readonly string[]][] = [
    [say.listen, [`${scheme}://${origin(running.address)}`]],
    [say.systems, shorten(systems)],
    [say.audiences, shorten(audiences)],
    [say.policy, [`${policies}  ${running.policy.digest.slice(0, 19)}`]],
    [
      say.records,
      [`${shown(config.records)}   (${say.read}: veilgate records query --records ${shown(config.records)})`],
    ],
    [say.keys, [shown(config.keys)]],
    ...(running.admin === null
      ? []
      : [[say.admin, [`${adminScheme}://${origin(running.admin)}/healthz`]] as [string, string[]]]),
  ]
  const width = Math.max(...rows.map(([label]) => displayWidth(label)))
  const lines = rows.flatMap(([label, values]) =>
    values.map((value, at) => `  ${padded(at === 0 ? label : '', width)}  ${value}\n`),
  )
  return `${say.title}\n${lines.join('')}  ${say.stop}\n`
}

/** Each system: its name, what leads to it, where it is. */
export function systemLines({ systems }: Config, lang: Language): string[] {
  const say = words[lang]
  const rest = systems.size === 1 ? say.all : say.any
  return [...systems.values()].map(system => {
    const place = `${system.host ?? ''}${system.prefix ?? ''}` || rest
    const policy = system.shippedPolicy ? `  (${say.readsOnly})` : ''
    return `${system.name}  ${place}  ->  ${system.upstream.origin}${system.upstream.basePath}${policy}`
  })
}

function shorten(values: readonly string[]): readonly string[] {
  return values.length <= most ? values : [...values.slice(0, most), `... ${values.length - most} +`]
}
