/**
 * How people show the admin API who they are: `Authorization: Veilgate BASE64URL`, JSON of who, when, and a signature
 * over what is asked. There is no password to be copied, and what was signed says nothing else, and nothing later.
 */
import { createHash } from 'node:crypto'
import { type Signatory, signatureAge } from '../access/grants/desk.ts'
import type { Signer } from '../records/proof/note.ts'
import { signatureOf } from './people.ts'

export type Signed = { readonly method: string; readonly path: string; readonly body: string }

/** The text that is signed. `path` with its query, as sent. */
function requestText({ method, path, body }: Signed, person: string, time: string): string {
  const hash = createHash('sha256').update(body).digest('base64url')
  return `veilgate: admin request\nperson ${person}\nmethod ${method}\npath ${path}\nbody ${hash}\ntime ${time}\n`
}

/** The value of the Authorization header. */
export function signRequest(request: Signed, { person, signer, now }: { person: string; signer: Signer; now: number }) {
  const time = new Date(now).toISOString()
  const signature = signatureOf(signer, requestText(request, person, time))
  return `Veilgate ${Buffer.from(JSON.stringify({ person, time, signature })).toString('base64url')}`
}

/** Who has signed this request, lately, and what of it was signed when; null: nobody who is known. */
export function whoSigned(
  header: string | undefined,
  request: Signed,
  people: ReadonlyMap<string, Signatory>,
  now: number,
): { readonly person: Signatory; readonly text: string; readonly time: number } | null {
  const encoded = /^Veilgate ([A-Za-z0-9_-]{1,2000})$/.exec(header ?? '')?.[1]
  const said = encoded === undefined ? null : parse(encoded)
  if (said === null || !(Math.abs(now - Date.parse(said.time)) <= signatureAge)) return null
  const person = people.get(said.person)
  const text = requestText(request, said.person, said.time)
  return person?.verifies(text, said.signature) === true ? { person, text, time: Date.parse(said.time) } : null
}

function parse(encoded: string): { person: string; time: string; signature: string } | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))
    if (typeof value !== 'object' || value === null) return null
    const { person, time, signature } = value as Record<string, unknown>
    if (typeof person !== 'string' || typeof time !== 'string' || typeof signature !== 'string') return null
    return { person, time, signature }
  } catch {
    return null
  }
}
