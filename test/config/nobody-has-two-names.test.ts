import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signerOf } from '../../gateway/records/proof/note.ts'
import { least, load } from './load.ts'

const keyOf = (name: string, seed: number) => signerOf(name, Buffer.alloc(32, seed)).verifier.text

async function codes(approvers: readonly string[], requesters: readonly string[]): Promise<string[]> {
  const lines = [
    'approvers:',
    ...approvers.map((name, at) => `  ${name}: { group: g${at}, key: "${keyOf(`a${at}`, at + 1)}" }`),
    'requesters:',
    ...requesters.map((name, at) => `  ${name}: { key: "${keyOf(`r${at}`, at + 11)}" }`),
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
