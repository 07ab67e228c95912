/** `child.ts FORMAT BYTES [FILE]`: masks one large body in a process of its own, and prints what it took. */
import { readFileSync } from 'node:fs'
import { people } from '../../formats/people-plan.ts'
import { masking } from '../../support/mask-body.ts'
import { sentinel } from '../../support/sentinels.ts'
import { largeBodies, piecesOf } from './bodies.ts'

const [format, bytes, file] = process.argv.slice(2)
const body = largeBodies[format!]
const limits = { scalar: 4 << 20, depth: 128, page: 64 << 20 }
const mediaType = body?.mediaType ?? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const pieces = body === undefined ? [readFileSync(file!)] : piecesOf(body, Number(bytes))
const planted = [sentinel.name, encodeURIComponent(sentinel.name), sentinel.id, sentinel.mobile].map(text =>
  Buffer.from(text),
)
const longest = Math.max(...planted.map(({ length }) => length))

let [taken, given, rows, masked] = [0, 0, 0, 0]
let seen = Buffer.alloc(0)
function look(out: readonly Uint8Array[]): void {
  for (const piece of out) {
    given += piece.length
    const all = Buffer.concat([seen, piece])
    for (const value of planted) if (format !== 'xlsx' && all.includes(value)) throw new Error('a value came through')
    seen = Buffer.from(all.subarray(Math.max(0, all.length - longest)))
  }
}

function count(): void {
  const tally = masker.takeTally()
  rows += tally.rows
  for (const forms of Object.values(tally.fields)) for (const times of Object.values(forms)) masked += times
}

const before = process.memoryUsage().rss
const began = performance.now()
let masker!: ReturnType<typeof masking.start>
for (const piece of pieces) {
  if (masker === undefined) {
    const chosen = masking.chooseFormat(mediaType, piece.subarray(0, 1024))!
    masker = masking.start(people, chosen, { consumer: 'large', purpose: '' }, limits, {
      boundary: body?.boundary ?? null,
    })
  }
  taken += piece.length
  look(masker.write(piece))
  if (taken % (1 << 20) < piece.length) count()
}
look(await masker.finish())
count()
const seconds = (performance.now() - began) / 1000
const peak = process.resourceUsage().maxRSS * 1024
console.log(JSON.stringify({ taken, given, rows, masked, seconds, before, peak }))
