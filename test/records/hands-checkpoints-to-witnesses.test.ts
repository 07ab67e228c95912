import assert from 'node:assert/strict'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parseVerifier } from '../../gateway/records/proof/note.ts'
import { proveRecord } from '../../gateway/records/prove.ts'
import { startWitness, type WitnessServer, WitnessStartFault } from '../../gateway/records/witness/server.ts'
import type { WitnessState } from '../../gateway/records/witness/witnesses.ts'
import { until } from '../support/until.ts'
import { atEnd, folderFor } from './folder.ts'
import { fill, keyOf, otherSigner, signedLog, signer, verified } from './proofs.ts'

async function witnessFor(t: TestContext, directory: string, log = signer, port = 0): Promise<WitnessServer> {
  const logs = [keyOf(log)]
  const witness = await startWitness({ directory, name: 'witness.example/w1', logs, host: '127.0.0.1', port })
  atEnd(t, () => witness.close())
  return witness
}

const settingsOf = ({ key, port }: WitnessServer) => [{ name: 'w1', url: `http://127.0.0.1:${port}`, key }]

test('a witness signs what continues the log, and what it signed is proved against everybody', async t => {
  const base = await folderFor(t)
  const witness = await witnessFor(t, join(base, 'witness'))
  const [directory, key] = [join(base, 'records'), parseVerifier(witness.key)!]
  for (const many of [3, 300, 5]) {
    const signed = await signedLog(t, directory, { witnesses: settingsOf(witness) })
    await fill(signed, many)
    await signed.close()
    const report = await verified(directory, { keys: [key] })
    assert.deepEqual([report.problems, report.proved.witness], [[], report.next])
  }
  const proof = await proveRecord(directory, 'gw1-0', 7)
  assert.ok(typeof proof === 'string' && proof.includes('\u2014 witness.example/w1 '))
})

test('a witness refuses a log that was cut back or written anew, and the gateway says so', async t => {
  const base = await folderFor(t)
  const witness = await witnessFor(t, join(base, 'witness'))
  const first = await signedLog(t, join(base, 'records'), { witnesses: settingsOf(witness) })
  await fill(first, 300)
  await first.close()
  for (const [many, fault] of [
    [10, 'AHEAD'],
    [400, 'FORKED'],
  ] as const) {
    const states: WitnessState[] = []
    const directory = join(base, `forged-${many}`)
    const options = {
      witnesses: settingsOf(witness),
      onWitnesses: (all: readonly WitnessState[]) => states.push(...all),
    }
    const forged = await signedLog(t, directory, options)
    await fill(forged, many)
    await forged.close()
    assert.equal(states.at(-1)?.fault, fault)
  }
})

test('a folder that keeps checkpoints refuses the same', async t => {
  const base = await folderFor(t)
  const folder = join(base, 'witness')
  await mkdir(folder)
  const witnesses = [{ name: 'usb', folder }]
  const first = await signedLog(t, join(base, 'records'), { witnesses })
  await fill(first, 300)
  await first.close()
  for (const [many, fault] of [
    [10, 'AHEAD'],
    [400, 'FORKED'],
  ] as const) {
    const states: WitnessState[] = []
    const forged = await signedLog(t, join(base, `forged-${many}`), {
      witnesses,
      onWitnesses: all => states.push(...all),
    })
    await fill(forged, many)
    await forged.close()
    assert.equal(states.at(-1)?.fault, fault)
  }
})

test('a folder that has kept checkpoints for years stays small, and shows what it did', async t => {
  const base = await folderFor(t)
  const folder = join(base, 'witness')
  await mkdir(folder)
  const directory = join(base, 'records')
  const witnesses = [{ name: 'usb', folder }]
  const first = await signedLog(t, directory, { witnesses })
  await fill(first, 5)
  await first.close()
  const path = join(folder, `${keyOf(signer).name.replaceAll('/', '_')}.checkpoints`)
  const hourly = await readFile(path)
  await writeFile(path, Buffer.concat(Array.from({ length: 3000 }, () => hourly)))
  for (let start = 0; start < 6; start++) {
    const again = await signedLog(t, directory, { witnesses })
    await fill(again, 5)
    await again.close()
  }
  assert.ok((await readFile(path)).length < 800 * hourly.length)
  const report = await verified(directory, { keys: [], witnessed: [folder] })
  assert.deepEqual([report.problems, report.proved.witness], [[], report.next])
})

test('records are written and signed whether or not a witness can be reached, and it catches up', async t => {
  const base = await folderFor(t)
  const directory = join(base, 'records')
  const gone = await witnessFor(t, join(base, 'witness'))
  const settings = settingsOf(gone)
  await gone.close()
  const states: WitnessState[] = []
  const pace = { every: 10, most: 50 }
  const signed = await signedLog(t, directory, { witnesses: settings, pace, onWitnesses: all => states.push(...all) })
  await fill(signed, 100)
  assert.equal(signed.notary.signed, signed.log.durable.seq)
  await until('word that it cannot be reached', () => states.length > 0)
  await witnessFor(t, join(base, 'witness'), signer, gone.port)
  await signed.close()
  assert.deepEqual([states[0]?.fault, states.at(-1)?.fault], ['UNREACHABLE', null])
  assert.equal((await verified(directory, { keys: [parseVerifier(gone.key)!] })).proved.witness, signed.notary.signed)
})

test('a witness that forgot would sign a fork: with its memory damaged it does not start', async t => {
  const base = await folderFor(t)
  const folder = join(base, 'witness')
  const witness = await witnessFor(t, folder)
  const signed = await signedLog(t, join(base, 'records'), { witnesses: settingsOf(witness) })
  await fill(signed, 5)
  await signed.close()
  await assert.rejects(witnessFor(t, folder), new WitnessStartFault('locked'))
  await witness.close()
  const path = join(folder, `${keyOf(signer).name.replaceAll('/', '_')}.checkpoints`)
  await rename(path, `${path}.kept`)
  await writeFile(path, (await readFile(`${path}.kept`)).subarray(0, -9))
  await assert.rejects(witnessFor(t, folder), new WitnessStartFault('state'))
  await rename(`${path}.kept`, path)
  assert.equal((await witnessFor(t, folder)).key, witness.key)
})

test('requests that are none, of other logs or by other keys get the status that the protocol says', async t => {
  const base = await folderFor(t)
  const witness = await witnessFor(t, join(base, 'witness'))
  const signed = await signedLog(t, join(base, 'records'))
  await fill(signed, 5)
  await signed.close()
  const other = await signedLog(t, join(base, 'other'), { signer: otherSigner })
  await fill(other, 5)
  await other.close()
  const noteIn = async (name: string) =>
    (await readFile(join(base, name, 'gw1-0.tlog/checkpoints'), 'utf8'))
      .split('\n\n')
      .slice(-3, -1)
      .join('\n\n')
      .trimStart()
  const note = `${await noteIn('records')}\n`
  const post = async (body: string, path = '/add-checkpoint') => {
    const answer = await fetch(`http://127.0.0.1:${witness.port}${path}`, { method: 'POST', body })
    return [answer.status, answer.headers.get('content-type'), await answer.text()] as const
  }
  assert.equal((await post('hello'))[0], 400)
  assert.equal((await post('x'.repeat(200_000)))[0], 400)
  assert.equal((await post(`old 0\n\n${note}`, '/else'))[0], 404)
  assert.equal((await post(`old 0\n\n${await noteIn('other')}\n`))[0], 404)
  assert.equal((await post(`old 99\n\n${note}`))[0], 400)
  assert.deepEqual(await post(`old 1\n\n${note}`), [409, 'text/x.tlog.size', '0\n'])
  assert.equal((await post(`old 0\n${'A'.repeat(43)}=\n\n${note}`))[0], 422)
  const [status, , text] = await post(`old 0\n\n${note}`)
  assert.deepEqual([status, text.startsWith('\u2014 witness.example/w1 ')], [200, true])
  assert.equal((await post(`old 0\n\n${note}`))[0], 409)
  const broken = note.replace(
    /\n\u2014 (\S+) (.{6})(.)/,
    (_, name, id, one) => `\n\u2014 ${name} ${id}${one === 'A' ? 'B' : 'A'}`,
  )
  assert.equal((await post(`old 0\n\n${broken}`))[0], 403)
})
