/** The people that gateway.yaml names: who may approve, and who may ask. They are known by their keys and nothing else. */
import { verify } from 'node:crypto'
import type { Signatory } from '../access/grants/desk.ts'
import type { Person } from '../access/grants/ledger.ts'
import type { Config } from '../config/config.ts'
import { fromBase64, parseVerifier, type Signer } from '../records/proof/note.ts'

/** Approvers, with the group that counts, and requesters, without one. */
export function peopleOf({ approvers, requesters }: Pick<Config, 'approvers' | 'requesters'>): Map<string, Signatory> {
  const all = [...requesters.map(one => ({ ...one, group: null })), ...approvers]
  return new Map(all.map(({ key, ...person }) => [person.name, signatory(person, key)]))
}

function signatory(person: Person, text: string): Signatory {
  const verifier = parseVerifier(text)
  return {
    ...person,
    verifies(signed, signature) {
      const bytes = fromBase64(signature)
      if (verifier === null || bytes?.length !== 64) return false
      return verify(null, Buffer.from(signed), verifier.key, bytes)
    },
  }
}

/** The bare Ed25519 signature over a text, in base64: what `verifies` takes. */
export function signatureOf(signer: Signer, text: string): string {
  const line = signer.sign(text)
  // a signature line of a note: the key's id, four bytes, stands before it
  return Buffer.from(line.slice(line.lastIndexOf(' ') + 1), 'base64')
    .subarray(4)
    .toString('base64')
}
