/**
 * Whether any text takes longer than in proportion to its length: pieces that grammars, expressions and detectors take for the
 * beginning of something, repeated, in each format; and many small things beside and in one another. By CPU time of this
 * process, so others on the machine count little. `npm run campaign:slow [-- --kilobytes 256 --only NAME]`. Ends with 1 where four
 * times the length takes over 6.5 times as long, three times in a row.
 */
import { parseArgs } from 'node:util'
import { shippedPlan } from '../../bench/mask/shipped.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { plugins } from '../../plugins/index.ts'
import { limits, scope } from '../support/mask-body.ts'
import { keys } from '../support/plan.ts'
import { shapes } from './slow/shapes.ts'
import { pieces, texts } from './slow/texts.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { kilobytes: text, only: text } })
const bytes = Number(values.kilobytes ?? 256) * 1024
/** What takes less, in milliseconds, is told by noise. */
const noise = 40
const most = 6.5

const masking = createMasking(plugins)
const plan = shippedPlan(keys)

/** Milliseconds of the processor; a fault of the body ends it sooner, and is as good. */
async function costOf(format: string, body: string): Promise<number> {
  const before = process.cpuUsage().user
  const plugin = plugins.formats.find(({ name }) => name === format)!
  const masker = masking.start(plan, plugin, scope, limits)
  try {
    masker.write(Buffer.from(body))
    await masker.finish()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
  return (process.cpuUsage().user - before) / 1000
}

async function growthOf(format: string, make: (bytes: number) => string): Promise<number> {
  const quarter = await costOf(format, make(bytes / 4))
  return quarter < noise ? 0 : (await costOf(format, make(bytes))) / quarter
}

let slow = 0

async function check(name: string, format: string, make: (bytes: number) => string): Promise<void> {
  let growth = 0
  for (let time = 0; time < 3; time++) {
    growth = await growthOf(format, make)
    if (growth <= most) return
  }
  slow++
  console.log(`${name}: four times the length takes ${growth.toFixed(1)} times as long`)
}

await costOf('json', '{"a":1}')
for (const [name, { format, of }] of Object.entries(texts)) {
  if (values.only !== undefined && values.only !== name) continue
  for (const piece of pieces) {
    for (const end of ['', '!', '"', '张三 13800138000'])
      await check(`${name} ${JSON.stringify(piece)} … ${end}`, format, size =>
        of(piece.repeat(Math.ceil(size / Buffer.byteLength(piece))) + end),
      )
  }
  console.log(`${name}: ${pieces.length} pieces`)
}
for (const [name, { format, of }] of Object.entries(shapes)) {
  if (values.only !== undefined && values.only !== name) continue
  const each = Buffer.byteLength(of(1000)) / 1000
  await check(name, format, size => of(Math.max(1, Math.floor(size / each))))
}
console.log(`${Object.keys(shapes).length} shapes; ${slow} take longer than in proportion`)
if (slow > 0) process.exitCode = 1
