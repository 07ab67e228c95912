import assert from 'node:assert/strict'
import { appendFile, chmod, cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { readNow } from '../../gateway/records/files/file-bytes.ts'
import { filesNow } from '../../gateway/records/files/files.ts'
import { signerOf } from '../../gateway/records/proof/note.ts'
import { pruneText } from '../../gateway/records/proof/prune-request.ts'
import { type Attack, always, replaceAll, testAttacks } from './attacks.ts'
import { batchesOf, rewind, rewrite } from './forging.ts'
import { copyOf, keyOf, otherSigner, type Sample, sample, signer, verified } from './proofs.ts'

let original: Sample
before(async t => {
  original = await sample(t as TestContext)
})

const path = (directory: string, name: string) => join(directory, name)
const sealedFile = (directory: string) => filesNow(directory, 'gw1-0').find(file => file.sealed)!.path

async function changeSealed(directory: string, on: (text: string) => string): Promise<void> {
  const file = sealedFile(directory)
  const text = on(readNow(file).toString('utf8'))
  await chmod(file, 0o600)
  await writeFile(file, zstdCompressSync(text))
}

const attacks: readonly Attack[] = [
  {
    what: 'the last batch cut off',
    on: async directory => rewrite(directory, batchesOf(directory).slice(0, -1)),
    ...always('CHECKPOINT_AHEAD'),
  },
  {
    what: 'a number changed in a sealed file',
    on: directory => changeSealed(directory, text => text.replace('"rows":20', '"rows":21')),
    ...always('HASH_WRONG'),
  },
  {
    what: 'a sealed file compressed anew, its content as it was',
    on: directory => changeSealed(directory, text => text),
    ...always('SEAL_WRONG'),
  },
  {
    what: 'a sealed file put back as a plain one, with a record after its end',
    on: async directory => {
      const file = sealedFile(directory)
      const bytes = readNow(file)
      await rm(file, { force: true })
      await writeFile(file.replace('.zst', ''), Buffer.concat([bytes, bytes.subarray(0, bytes.indexOf(10) + 1)]))
    },
    ...always('SEAL_WRONG'),
  },
  {
    what: 'a record changed, and every hash and frame after it made to fit',
    on: async directory => {
      const batches = batchesOf(directory)
      batches[4]![0] = batches[4]![0]!.replace('"rows":20', '"rows":21')
      await rewrite(directory, batches)
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'a record put in, and everything after it numbered anew',
    on: async directory => {
      const batches = batchesOf(directory)
      batches[4]!.splice(1, 0, batches[4]![0]!)
      await rewrite(directory, batches)
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'two records exchanged, with frames to fit',
    on: async directory => {
      const batches = batchesOf(directory)
      const [one, two] = [batches[3]![0]!, batches[6]![0]!]
      batches[3]![0] = two.replace(/"time":"[^"]*"/, /"time":"[^"]*"/.exec(one)![0]).replace('"rows":20', '"rows":7')
      await rewrite(directory, batches)
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'heartbeats, seals and rosters taken out, with frames to fit',
    on: async directory => {
      const kept = batchesOf(directory).map(batch => batch.filter(line => line.includes('"kind":"access"')))
      await rewrite(
        directory,
        kept.filter(batch => batch.length > 0),
      )
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'an old version of a record in the middle',
    on: async directory => {
      const batches = batchesOf(directory)
      batches[4]![0] = batches[4]![0]!.replace('{"v":1,', '{"v":0,')
      await rewrite(directory, batches)
    },
    ...always('VERSION_UNKNOWN'),
  },
  {
    what: 'a record after the last one, with a frame to fit',
    on: async directory => {
      const batches = batchesOf(directory)
      await rewrite(directory, [...batches.slice(0, -2), [...batches.at(-2)!, batches[1]![0]!], batches.at(-1)!])
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'a tile changed',
    on: async directory => {
      const tile = path(directory, 'gw1-0.tlog/tile/1/000')
      const bytes = await readFile(tile)
      bytes[40]! ^= 1
      await writeFile(tile, bytes)
    },
    ...always('TILE_WRONG'),
  },
  {
    what: 'the tiles taken away',
    on: directory => rm(path(directory, 'gw1-0.tlog/tile'), { recursive: true }),
    ...always('TILE_MISSING'),
  },
  {
    what: 'the first files removed as if by leave, which nobody gave',
    on: async directory => {
      const [first, second] = filesNow(directory, 'gw1-0')
      const [line] = readNow(second!.path).toString('utf8').split('\n')
      const frame = JSON.parse(/\{"batch":[^\n]*/.exec(readNow(second!.path).toString('utf8'))![0])
      await rm(first!.path, { force: true })
      const text = pruneText({
        log: 'gw1-0',
        before: JSON.parse(line!).seq,
        batch: frame.batch,
        head: frame.prev,
        root: Buffer.alloc(32).toString('base64'),
        files: [1, 1],
        until: '2026-01-01T00:00:00.000Z',
        made: '2026-01-01T00:00:00.000Z',
      })
      const one = signerOf('somebody', Buffer.alloc(32, 3))
      await writeFile(path(directory, 'gw1-0.tlog/pruned'), `${text}\n${one.sign(text)}`)
    },
    ...always('PRUNE_UNPROVED'),
  },
  {
    what: 'a checkpoint of another key beside the own',
    on: async (directory, t) => {
      const other = await copyOf(t, original)
      await replaceAll(t, other.directory, otherSigner, 60)
      const notes = await readFile(path(other.directory, 'gw1-0.tlog/checkpoints'))
      await appendFile(path(directory, 'gw1-0.tlog/checkpoints'), notes)
    },
    ...always('SIGNATURE_WRONG'),
  },
  {
    what: 'everything cut back to an older checkpoint',
    on: directory => rewind(directory, -2),
    alone: null,
    withKey: null,
    withWitness: 'WITNESS_AHEAD',
  },
  {
    what: 'everything written anew with the stolen key, longer than it was',
    on: (directory, t) => replaceAll(t, directory, signer, 900),
    alone: null,
    withKey: null,
    withWitness: 'WITNESS_FORKED',
  },
  {
    what: 'everything written anew with the stolen key, shorter than it was',
    on: (directory, t) => replaceAll(t, directory, signer, 200),
    alone: null,
    withKey: null,
    withWitness: 'WITNESS_AHEAD',
  },
  {
    what: 'everything written anew with another key',
    on: (directory, t) => replaceAll(t, directory, otherSigner, 700),
    alone: null,
    withKey: 'SIGNATURE_WRONG',
    withWitness: 'WITNESS_OTHER',
  },
  {
    what: 'all that proves it taken away',
    on: directory => rm(path(directory, 'gw1-0.tlog'), { recursive: true }),
    alone: null,
    withKey: 'NOTHING_SIGNED',
    withWitness: 'NOTHING_SIGNED',
  },
]

testAttacks(attacks, () => original)

test('a copy that nobody touched is whole with all the evidence there is', async t => {
  const { directory, witness } = await copyOf(t, original)
  await cp(join(directory, 'gw1-0.tlog/key'), join(witness, 'key'))
  assert.deepEqual((await verified(directory, { keys: [keyOf(signer)], witnessed: [witness] })).problems, [])
})
