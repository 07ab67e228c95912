import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeAt } from '../../gateway/access/accounts/one-time-code.ts'
import type { Duty } from '../../gateway/config/config.ts'
import { hashPassword } from '../../plugins/identities/basic/scrypt.ts'
import { get } from './https-client.ts'
import { runCommand } from './run-command.ts'

/** An account as its owner knows it. */
export type Owner = { readonly name: string; readonly password: string; readonly secret: string }

/** A configuration with its keys and records beside it, as `startTestGateway` has them in the same folder. */
export async function writeConfig(folder: string, more = ''): Promise<string> {
  const file = join(folder, 'gateway.yaml')
  await writeFile(file, `systems: { upstream: { upstream: "http://127.0.0.1:1", policy: shipped } }\n${more}`)
  return file
}

/**
 * Adds an account by the command; `initial`: its password still has to be changed. The hash is then put in a cheaper one's
 * place, so that signing in often does not make a test slow.
 */
export async function addAccount(folder: string, name: string, duty: Duty, initial = false): Promise<Owner> {
  const password = `wide river, ${duty} stone 47`
  const ran = await runCommand(['accounts', 'add', name, '--duty', duty], { cwd: folder, stdin: `${password}\n` })
  if (ran.status !== 0) throw new Error(ran.stderr)
  const file = join(folder, 'accounts.yaml')
  const cheap = await hashPassword(password, 14)
  const lines = (await readFile(file, 'utf8')).split('\n').map(line => {
    if (!line.startsWith(`  "${name}":`)) return line
    return line.replace(/\$scrypt[^"]*/, () => cheap).replace('"initial":true', `"initial":${initial}`)
  })
  await writeFile(file, lines.join('\n'))
  return { name, password, secret: ran.stdout.split('\n')[0]! }
}

/** A code of its owner; `steps` from now. */
export function codeOf({ secret }: Owner, steps = 0): string {
  return codeAt(secret, Date.now() + steps * 30_000)
}

/** A browser that has signed in, as far as that is a cookie and a word beside it. */
export type SignedIn = { readonly cookie: string; readonly csrf: string }

export const asJson = { 'content-type': 'application/json' }

export async function postLogin(admin: string, given: object, headers: object = {}) {
  const answer = await get(`${admin}/api/login`, {
    method: 'POST',
    headers: { ...asJson, ...headers },
    body: JSON.stringify(given),
  })
  return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> }
}

/** Signs in, by a code of so many steps from now: each is good once. */
export async function signIn(admin: string, owner: Owner, steps = 0): Promise<SignedIn> {
  const { name, password } = owner
  const { status, headers, json } = await postLogin(admin, { name, password, code: codeOf(owner, steps) })
  if (status !== 200) throw new Error(`${status} ${json['why']}`)
  const [cookie] = headers['set-cookie'] as string[]
  return { cookie: cookie!.split(';')[0]!, csrf: String(json['csrf']) }
}

/** A call in a session, as a page of ours makes it. */
export async function call(admin: string, session: SignedIn | null, method: string, path: string, sent?: object) {
  const headers = {
    ...asJson,
    ...(session !== null && { cookie: session.cookie, 'x-veilgate-csrf': session.csrf }),
  }
  const body = method !== 'POST' ? '' : JSON.stringify(sent ?? {})
  const answer = await get(admin + path, { method, headers, body })
  const isJson = String(answer.headers['content-type']).startsWith('application/json')
  return {
    status: answer.status,
    headers: answer.headers,
    body: answer.body,
    json: isJson && answer.body !== '' ? JSON.parse(answer.body) : null,
  }
}
