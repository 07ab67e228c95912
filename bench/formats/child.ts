/** One way of one kind of body in a process of its own; prints megabytes for each second of the processor as JSON. */
import type { FormatPlugin } from '../../gateway/contracts.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { plugins } from '../../plugins/index.ts'
import { cut } from '../mask/bodies.ts'
import { shippedPlan } from '../mask/shipped.ts'
import { kinds } from './bodies.ts'
import { peers, type Way } from './peers.ts'

/** `kind`: its label; `bytes`: of the JSON whose rows it has; `time` and `warmUp`: milliseconds of the processor. */
export type Task = {
  readonly way: Way
  readonly kind: string
  readonly bytes: number
  readonly time: number
  readonly warmUp: number
}

/** `length`: bytes of the body. */
export type Measured = { readonly speed: number; readonly length: number }

const keys = { secret: (purpose: string) => Buffer.alloc(32, purpose) }
const scope = { consumer: 'bench', purpose: 'bench', dataType: 'bench' }
const limits = { scalar: 4 << 20, depth: 128, page: 64 << 20, event: 4 << 20 }

/** As staff see it under the policy of the package, with the blind indexes of everybody in it. */
function gateway(format: FormatPlugin): (body: Buffer) => Promise<void> {
  const masking = createMasking({ formats: plugins.formats })
  const plan = shippedPlan(keys)
  const index = blindIndex(keys, { timezone: 'Asia/Shanghai' })
  return async body => {
    const masker = masking.start(plan, format, scope, limits)
    for (const piece of cut(body)) masker.write(piece)
    await masker.finish()
    index.people(masker.takeTally().subjects)
  }
}

async function measure({ way, kind, bytes, time, warmUp }: Task): Promise<Measured> {
  const { format, make } = kinds.find(({ label }) => label === kind)!
  const run = way === 'veilgate' ? gateway(plugins.formats.find(({ name }) => name === format)!) : peers[way][format]!
  const body = await make(bytes)
  const during = async (milliseconds: number) => {
    const start = cpuTime()
    let times = 0
    let now = start
    for (; now < start + milliseconds * 1000; now = cpuTime()) {
      await run(body)
      times++
    }
    return (body.length * times) / (now - start)
  }
  await during(warmUp)
  return { speed: await during(time), length: body.length }
}

/** Microseconds of all threads, as workbooks are read in one of their own. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2]!) as Task)))
