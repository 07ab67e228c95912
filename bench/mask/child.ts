/** One variant on one body in a process of its own; prints what it measured as JSON. */
import { hash } from 'node:crypto'
import { afterRelease } from '../../gateway/memory.ts'
import { cut, makeBody, makeLongBody, type Shape } from './bodies.ts'
import { type Depth, type Fields, loadEveryDetector, loadShipped, runOf, type Variant } from './variants.ts'

export type Task = {
  readonly variant: Variant
  readonly bytes: number
  readonly shape: Shape
  readonly fields: Fields
  readonly depth: Depth
  /** Milliseconds; 0: one body, once. */
  readonly time: number
}

/** `memory`: the process's peak, in bytes; `before`: what it held before the body. `digest` is of what left, as JSON says it. */
export type Measured = {
  readonly speed: number
  readonly memory: number
  readonly before: number
  readonly digest: string | null
}

function measure({ variant, bytes, shape, fields, depth, time }: Task): Measured {
  const run = runOf(variant, fields, depth)!
  const before = process.memoryUsage.rss()
  if (time === 0) {
    const pieces = makeLongBody(bytes, shape)
    const once = cpuTime()
    run(pieces, variant === 'fast' || variant === 'plain' ? release : () => {})
    return { speed: bytes / (cpuTime() - once), memory: peak(), before, digest: null }
  }
  const body = makeBody(bytes, shape)
  const parts = cut(body)
  const out: Uint8Array[] = []
  run(parts, part => out.push(Buffer.from(part)))
  const digest = hash('sha256', JSON.stringify(JSON.parse(Buffer.concat(out).toString())))
  const during = (milliseconds: number) => {
    const start = cpuTime()
    let times = 0
    let now = start
    for (; now < start + milliseconds * 1000; now = cpuTime()) {
      run(parts, () => {})
      times++
    }
    return (body.length * times) / (now - start)
  }
  during(time)
  return { speed: during(time), memory: peak(), before, digest }
}

/** Takes what leaves as the gateway does with long answers, which has garbage collected as it releases them. */
const release = ({ length }: Uint8Array): void => afterRelease(length)

/** Microseconds that this thread has had a processor: what else runs on the machine changes them little. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

function peak(): number {
  return process.resourceUsage().maxRSS * 1024
}

const task = JSON.parse(process.argv[2]!) as Task
if (task.depth === 'all') await loadEveryDetector()
if (task.depth === 'shipped') await loadShipped()
process.stdout.write(JSON.stringify(measure(task)))
