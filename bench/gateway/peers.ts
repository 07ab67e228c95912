/** Who is measured: how each is started in front of the same system, and what it does to an answer. */
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { debianPackages, hasNginx, type NginxMasking, proxyConf } from './peers/nginx.ts'
import { freePort, type Started, startProcess } from './processes.ts'

export type Peer = {
  readonly name: string
  readonly masks: boolean
  /** Whether it has a whole body in memory before the first byte leaves. */
  readonly collects: boolean
  /** null: it can run here. */
  readonly missing: string | null
  start(place: Place): Promise<Running>
}

export type Place = { readonly folder: string; readonly upstream: { readonly port: number }; readonly core: string }
export type Running = Started & { readonly url: string; readonly headers: Readonly<Record<string, string>> }

const root = join(import.meta.dirname, '../..')
const node = process.execPath
const script = (name: string) => join(import.meta.dirname, 'peers', name)

export const peers: readonly Peer[] = [
  nginx('nginx, passing through', 'none'),
  nginx('nginx + Lua (cjson)', 'lua'),
  nginx('nginx + njs', 'njs'),
  proxy('http-proxy-middleware, masking', 'http-proxy-middleware.ts', true),
  proxy('@fastify/http-proxy, passing through', 'fastify-http-proxy.ts', false),
  proxy('node:http and undici, passing through', 'node-alone.ts', false),
  proxy('node:http, answering from memory', 'node-from-memory.ts', false, true),
  veilgate('Veilgate without records', ['bench/gateway/peers/veilgate-unrecorded.ts']),
  veilgate('Veilgate', ['dist/gateway/cli/main.js', 'serve', '--config']),
]

/** What ships is the built package: its sources take Node's compiler of types into memory. */
export function buildPackage(): void {
  execFileSync(node, ['--run', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}

function nginx(name: string, masking: NginxMasking): Peer {
  return {
    name,
    masks: masking !== 'none',
    collects: masking !== 'none',
    missing: hasNginx(masking) ? null : `not installed: apt-get install ${debianPackages}`,
    async start({ folder, upstream, core }) {
      const port = await freePort()
      const path = join(folder, `nginx-${port}.conf`)
      await writeFile(path, proxyConf(folder, port, `127.0.0.1:${upstream.port}`, masking))
      const started = await startProcess(core, ['/usr/sbin/nginx', '-p', folder, '-c', path], port)
      return { ...started, url: `http://127.0.0.1:${port}`, headers: {} }
    },
  }
}

function proxy(name: string, file: string, masks: boolean, collects = masks): Peer {
  return {
    name,
    masks,
    collects,
    missing: null,
    async start({ upstream, core }) {
      const port = await freePort()
      const command = [node, script(file), String(port), `http://127.0.0.1:${upstream.port}`]
      return { ...(await startProcess(core, command, port)), url: `http://127.0.0.1:${port}`, headers: {} }
    },
  }
}

function veilgate(name: string, command: readonly string[]): Peer {
  return { name, masks: true, collects: false, missing: null, start: place => startVeilgate(place, [], command) }
}

/** With the shipped policy, for a consumer of the audience `staff`, known by its key. `more`: options of `serve`. */
export async function startVeilgate(
  { folder, upstream, core }: Place,
  more: readonly string[],
  command: readonly string[] = ['gateway/cli/main.ts', 'serve', '--config'],
): Promise<Running> {
  const port = await freePort()
  const key = makeApiKey()
  const config = await writeConfig(folder, port, upstream.port, hashApiKey(key))
  const [file, ...rest] = command
  const started = await startProcess(core, [node, join(root, file!), ...rest, config, ...more], port)
  return { ...started, url: `http://127.0.0.1:${port}`, headers: { authorization: `Bearer ${key}` } }
}

async function writeConfig(folder: string, port: number, upstream: number, hash: string): Promise<string> {
  const own = join(folder, `veilgate-${port}`)
  await mkdir(own)
  const path = join(own, 'gateway.yaml')
  await writeFile(
    path,
    `listen: 127.0.0.1:${port}
admin: false
systems: { bench: { upstream: "http://127.0.0.1:${upstream}", policy: shipped } }
consumers: { bench: { audience: staff, api_key: "${hash}" } }
`,
  )
  await chmod(path, 0o600)
  return path
}
