import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signerOf } from '../../gateway/records/proof/note.ts'
import { least, load } from './load.ts'

const keyOf = (name: string, seed: number) => signerOf(name, Buffer.alloc(32, seed)).verifier.text

/** `name=login` has that login besides. */
async function codes(
  approvers: readonly string[],
  requesters: readonly string[],
  seeds = [1, 2, 11, 12],
): Promise<string[]> {
  const line = (written: string, key: string, rest = '') => {
    const [name, login] = written.split('=')
    return `  ${name}: { key: "${key}"${login === undefined ? '' : `, logins: [${login}]`}${rest} }`
  }
  const lines = [
    'approvers:',
    ...approvers.map((name, at) => line(name, keyOf(`a${at}`, seeds[at]!), `, group: g${at}`)),
    'requesters:',
    ...requesters.map((name, at) => line(name, keyOf(`r${at}`, seeds[at + 2]!))),
  ]
  const result = await load(`${least}${lines.join('\n')}\n`)
  return 'faults' in result ? result.faults.map(({ code }) => code) : []
}

test('names that differ in capitals or width are those of one person, whatever keys they have', async () => {
  assert.deepEqual(await codes(['li', 'wang'], ['zhao']), [])
  for (const [approvers, requesters] of [
    [['li', 'LI'], ['zhao']],
    [['li', 'wang'], ['Wang']],
    [['li', 'wang'], ['ｗａｎｇ']],
    [
      ['li', 'wang'],
      ['zhao', 'ZHAO'],
    ],
  ] as const)
    assert.deepEqual(await codes(approvers, requesters), ['CONFIG_APPROVER'], requesters[0])
})

test('a key written under another name is the same person’s', async () => {
  assert.deepEqual(await codes(['li', 'wang'], ['zhao'], [1, 1, 11]), ['CONFIG_APPROVER'])
  assert.deepEqual(await codes(['li', 'wang'], ['zhao'], [1, 2, 2]), ['CONFIG_APPROVER'])
})

test('nobody stands there twice by a login, and one may be written as the name is', async () => {
  assert.deepEqual(await codes(['li=u1203', 'wang=wang'], ['zhao=u1204']), [])
  for (const [approvers, requesters] of [
    [['li=u1203', 'wang=U1203'], ['zhao']],
    [['li=wang', 'wang'], ['zhao']],
    [['li', 'wang'], ['zhao=Li']],
  ] as const)
    assert.deepEqual(await codes(approvers, requesters), ['CONFIG_APPROVER'], approvers[0])
})
