import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { deriveFrames, FrameRestorer, restoreFrames } from '../../gateway/records/files/derived-frames.ts'
import { bytesOf, isDamage, readNow, readPart } from '../../gateway/records/files/file-bytes.ts'
import { filesNow, sealedName } from '../../gateway/records/files/files.ts'
import { FrameWriter, givesBack } from '../../gateway/records/files/seekable.ts'
import { Batch } from '../../gateway/records/log/batch.ts'
import { beforeFirst, sealBatch } from '../../gateway/records/log/frame.ts'
import { compress, newDraftId, replacePlain } from '../../gateway/records/sealing/sealing.ts'
import { entriesIn, folderFor } from './folder.ts'
import { fill, signedLog, verified } from './proofs.ts'

/** Batches with so many entries each, as a writer makes them. */
function logOf(counts: readonly number[], pad = ''): Buffer {
  let [seq, prev] = [0, beforeFirst]
  const parts = counts.map((n, batch) => {
    const first = seq
    const entry = () => `{"v":1,"log":"gw1-0","seq":${seq++},"time":"2026-11-21T09:30:00.000Z","pad":"${pad}"}\n`
    const lines = Array.from({ length: n }, entry).join('')
    const made = sealBatch(Batch.of(lines, n), { batch, first, prev })
    prev = made.sha256
    return made.bytes
  })
  return Buffer.concat(parts)
}

const id = newDraftId()
const counts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 30 })

test('what was left out comes back byte for byte, in whatever pieces it is read', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 200 }), fc.boolean(), (counts, piece, last) => {
      const written = logOf(counts)
      const { derived } = deriveFrames(written, last)
      const kept = derived.toString().match(/^\{"batch":/gm)!.length
      assert.equal(kept, last ? Math.min(counts.length, 2) : 1)
      const restorer = new FrameRestorer()
      const parts: Buffer[] = []
      for (let at = 0; at < derived.length; at += piece) parts.push(...restorer.push(derived.subarray(at, at + piece)))
      assert.deepEqual(Buffer.concat([...parts, restorer.rest]), written)
    }),
  )
})

test('a frame that does not follow stays as it is, and so does a torn end', () => {
  const text = logOf([1, 2, 1, 3, 1]).toString()
  const wrong = Buffer.from(`${text.replace('"batch":2', '"batch":7')}{"v":1,"log"`)
  const { derived } = deriveFrames(wrong, true)
  assert.ok(derived.includes('{"batch":7'))
  assert.ok(derived.length < wrong.length)
  assert.deepEqual(restoreFrames(derived), wrong)
})

/** A log of records that were each synced alone, with one sealed file; and what is in that file, as it is stored. */
async function sealedLog(t: TestContext): Promise<{ directory: string; path: string; stored: string }> {
  const directory = await folderFor(t)
  const signed = await signedLog(t, directory, { fileBytes: 40_000 })
  await fill(signed, 60, 1)
  await signed.close()
  const { path } = filesNow(directory, 'gw1-0').find(file => file.sealed)!
  return { directory, path, stored: zstdDecompressSync(await readFile(path)).toString() }
}

async function store(path: string, text: string): Promise<void> {
  await chmod(path, 0o600)
  const params = { [constants.ZSTD_c_checksumFlag]: 1 }
  await writeFile(path, zstdCompressSync(text, { params }))
}

test('a record changed in a sealed file is found at its place, though the file decompresses; those before it can be read', async t => {
  const { directory, path, stored } = await sealedLog(t)
  const [tenth] = /^\{"v":1,"log":"gw1-0","seq":10,.*$/m.exec(stored)!
  const offset = readNow(path).indexOf(tenth)
  await store(path, stored.replace(tenth, tenth.replace('"method":"GET"', '"method":"PUT"')))
  const { problems } = await verified(directory)
  assert.deepEqual(
    [problems[0]!.code, problems.find(one => one.code === 'FILE_DAMAGED')?.offset],
    ['RECORDS_MISSING', offset],
  )
  const read = (await entriesIn(directory)).map(entry => entry.seq).filter(seq => seq < 20)
  assert.deepEqual(read, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('it is found as well where what stands for the frames was made to fit', async t => {
  const { directory, path, stored } = await sealedLog(t)
  const whole = restoreFrames(Buffer.from(stored)).toString()
  let prev = beforeFirst
  const refit = whole
    .replace('"seq":10,', '"seq":10, ')
    .replace(
      /((?:\{"v".*\n)+)(\{"batch":.*"prev":")[\w-]{43}(",)"sha256":"[\w-]{43}"\}/g,
      (_, entries: string, start: string, end: string) => {
        const covered = `${entries}${start}${prev}"`
        prev = hash('sha256', covered, 'base64url')
        return `${covered}${end.slice(1)}"sha256":"${prev}"}`
      },
    )
  await store(path, deriveFrames(Buffer.from(refit), true).derived.toString())
  const codes = (await verified(directory)).problems.map(problem => problem.code)
  for (const code of ['CHAIN_BROKEN', 'SEAL_WRONG', 'ROOT_WRONG'] as const) assert.ok(codes.includes(code), code)
})

test('a kept frame, or what stands for one, moved to another place is found', async t => {
  const { directory, path, stored } = await sealedLog(t)
  const lines = stored.split('\n')
  const [one, two] = lines.flatMap((line, nth) => (line.startsWith('"') ? [nth] : [])).slice(3, 5)
  ;[lines[one!], lines[two!]] = [lines[two!]!, lines[one!]!]
  await store(path, lines.join('\n'))
  assert.ok((await verified(directory)).problems.some(problem => problem.code === 'FILE_DAMAGED'))
})

test('every part of a sealed file is as it was written, also across what is compressed by itself', async t => {
  const directory = await folderFor(t)
  const written = logOf(
    Array.from({ length: 700 }, (_, nth) => 1 + (nth % 3)),
    'x'.repeat(2000),
  )
  const path = join(directory, 'gw1-0.000001.jsonl')
  await writeFile(path, written)
  assert.ok(compress({ log: 'gw1-0', number: 1, path, sealed: false }, id) !== null)
  replacePlain(path, id)
  assert.ok(written.length > 2 * 1024 * 1024)
  assert.deepEqual(readNow(path), written)
  const whole: Buffer[] = []
  for await (const chunk of bytesOf(path, Number.POSITIVE_INFINITY)) whole.push(chunk)
  assert.deepEqual(Buffer.concat(whole), written)
  for (let from = 0; from < written.length; from += 300_007) {
    assert.deepEqual(readPart(path, from, from + 5000), written.subarray(from, from + 5000))
    assert.deepEqual(readPart(path, from, from + 1_500_000), written.subarray(from, from + 1_500_000))
  }
})

test('a file with a frame that is not of its batch is sealed as it stands, with every frame whole', async t => {
  const directory = await folderFor(t)
  const text = logOf([1, 2, 1, 3, 1]).toString()
  const wrong = Buffer.from(text.replace('"seq":2,', '"seq":9,'))
  const path = join(directory, 'gw1-0.000001.jsonl')
  await writeFile(path, wrong)
  const seal = compress({ log: 'gw1-0', number: 1, path, sealed: false }, id)!
  assert.deepEqual([seal.first, seal.last, seal.sha256], [0, 7, `sha256:${hash('sha256', wrong)}`])
  replacePlain(path, id)
  assert.deepEqual(zstdDecompressSync(await readFile(sealedName(path))), wrong)
  assert.deepEqual(readNow(path), wrong)
})

test('what was compressed counts as the piece it was made from, and as no other', () => {
  const piece = logOf([2, 1, 4, 1, 1])
  const frame = new FrameWriter(true).add(piece, true)
  assert.ok(givesBack(frame, piece))
  for (let at = 0; at < piece.length; at++) {
    const other = Buffer.from(piece)
    other[at]! ^= 1
    assert.equal(givesBack(frame, other), false)
  }
  for (const end of [0, 1, piece.length - 1]) assert.ok(isRefused(frame, piece.subarray(0, end)))
  assert.ok(isRefused(frame, Buffer.concat([piece, piece])))
  const harmless = Array.from(frame.keys()).filter(at => {
    const damaged = Buffer.from(frame)
    damaged[at]! ^= 1
    return !isRefused(damaged, piece)
  })
  assert.ok(harmless.length <= 2, 'all but bits that no reader looks at')
})

function isRefused(frame: Buffer, piece: Buffer): boolean {
  try {
    return !givesBack(frame, piece)
  } catch (error) {
    return isDamage(error)
  }
}

test('a file sealed before frames were left out is read as ever', async t => {
  const directory = await folderFor(t)
  const written = logOf([1, 2, 3, 1])
  const frame = zstdCompressSync(written)
  const table = Buffer.alloc(8 + 8 + 9)
  for (const [at, number] of [0x184d2a5e, 17, frame.length, written.length, 1].entries())
    table.writeUInt32LE(number, at * 4)
  table.writeUInt32LE(0x8f92eab1, table.length - 4)
  const path = join(directory, 'gw1-0.000001.jsonl')
  await writeFile(sealedName(path), Buffer.concat([frame, table]))
  assert.deepEqual(readNow(path), written)
  assert.deepEqual(readPart(path, 100, 300), written.subarray(100, 300))
})
