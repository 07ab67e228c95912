/** What somebody can do to a log, and what it takes to see it. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { ShownBy } from '../../gateway/records/verify/report.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { batchesOf, rewrite } from './forging.ts'
import { copyOf, fill, keyOf, type Sample, signedLog, signer, verified } from './proofs.ts'

export type Attack = {
  readonly what: string
  readonly on: (directory: string, t: TestContext) => Promise<void>
  /** A finding without any evidence from elsewhere; with the key; with key and witness. Null: nothing is found. */
  readonly alone: string | null
  readonly withKey: string | null
  readonly withWitness: string
}

export const always = (code: string) => ({ alone: code, withKey: code, withWitness: code })
export const byWitnessOnly = (code: string) => ({ alone: null, withKey: null, withWitness: code })

/** Another log under some key, in the place of the whole folder. */
export async function replaceAll(t: TestContext, directory: string, by: string, many: number): Promise<void> {
  await removeFolder(directory)
  const signed = await signedLog(t, directory, { signer: by })
  await fill(signed, many)
  await signed.close()
}

/** Other batches in the place of the log's, under the key that was stolen: signed as a gateway would sign a log it finds. */
export async function signAnew(
  t: TestContext,
  directory: string,
  change: (batches: string[][]) => readonly (readonly string[])[],
): Promise<void> {
  const kept = batchesOf(directory).map(batch => batch.filter(line => !/"kind":"(?:seal|heartbeat|roster)"/.test(line)))
  await rewrite(
    directory,
    change(kept).filter(batch => batch.length > 0),
  )
  await rm(join(directory, 'gw1-0.tlog'), { recursive: true })
  const signed = await signedLog(t, directory)
  await fill(signed, 300)
  await signed.close()
}

export function testAttacks(attacks: readonly Attack[], original: () => Sample): void {
  for (const attack of attacks) {
    const needs =
      attack.alone !== null ? 'by the log alone' : attack.withKey !== null ? 'by its key' : 'by a witness only'
    test(`Found ${needs}: ${attack.what}`, async t => {
      const { directory, witness } = await copyOf(t, original())
      await attack.on(directory, t)
      const keys = [keyOf(signer)]
      const shown = async (code: string | null, brought: Parameters<typeof verified>[1], by: readonly ShownBy[]) => {
        const { problems } = await verified(directory, brought)
        if (code === null) return assert.deepEqual(problems, [])
        const one = problems.find(problem => problem.code === code)
        assert.ok(one, `${code} among ${problems.map(problem => problem.code).join(' ')}`)
        assert.ok(by.includes(one.shownBy), `${code} is shown by ${one.shownBy}`)
      }
      await shown(attack.alone, {}, ['log'])
      await shown(attack.withKey, { keys }, ['log', 'key'])
      const needsWitness = attack.withWitness.startsWith('WITNESS_')
      await shown(
        attack.withWitness,
        { keys: needsWitness ? [] : keys, witnessed: [witness] },
        needsWitness ? ['witness'] : ['log', 'key'],
      )
    })
  }
}
