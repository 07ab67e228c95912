/** A worker: one process of several that serve as one. Started by workers.ts, which tells it what to do. */
import { plugins } from '../../../plugins/index.ts'
import { KeyFault } from '../../access/keys.ts'
import { Barrier } from '../../access/lockdown/barrier.ts'
import { inPrimary } from '../../access/rate-limits.ts'
import type { Config } from '../../config/config.ts'
import { createLog } from '../../log.ts'
import { readyToServe } from '../../memory.ts'
import { RecordsFault } from '../../records/log/records-fault.ts'
import { DraftRequests } from '../companions/draft-requests.ts'
import { outliveReaders } from '../outlive-readers.ts'
import { type Running, startGateway } from '../serve/start.ts'
import { grantsOfPrimary } from './grants.ts'
import { type FromWorker, isToWorker, type ToWorker } from './messages.ts'
import { reviewsOfPrimary } from './reviews.ts'

let running: Running | null = null
let stopping = false
/** Certificates that came since this process was told to start. */
let renewal: Config | null = null

const tell = (message: FromWorker): void => {
  if (process.connected) process.send!(message)
}

const grants = grantsOfPrimary(tell)
const reviews = reviewsOfPrimary(tell)
const drafts = new DraftRequests()
drafts.tellBy(request => tell({ from: 'draft', request }))
const barrier = new Barrier()

outliveReaders()

/** Signals go to every process of a group; when to stop is the primary's to say. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

process.on('message', message => {
  if (isToWorker(message)) void act(message)
})
// where the channel closes, node:cluster ends this process: nothing is served without a primary
tell({ from: 'ready' })

async function act(message: ToWorker): Promise<void> {
  if (message.to === 'start') await start(message)
  else if (message.to === 'stop') await stop()
  else if (message.to === 'renew') await renew(message.config)
  else if (message.to === 'cut') running?.gateway.cut()
  else if (message.to === 'lock') lock(message)
  else if (message.to === 'grant') grants.answered(message)
  else if (message.to === 'review') reviews.answered(message)
  else if (message.to === 'drafted') drafts.answered(message.answer)
  else if (message.to === 'count_refused_policy') running?.metrics.policyLoaded('refused')
  else if (running !== null) tell({ from: 'took', digest: message.digest, done: await running.take(message.digest) })
}

async function start({ config, log: name, lang, restraints }: ToWorker & { to: 'start' }): Promise<void> {
  const write = (line: string): void => void process.stderr.write(line)
  const log = createLog({ lang, write, forPeople: process.stderr.isTTY === true })
  barrier.set(restraints)
  try {
    const started = await startGateway({
      config,
      plugins,
      log,
      askDraft: drafts.ask,
      worker: { log: name, makeLimiter: inPrimary, grants, reviews, barrier },
      loaded: readyToServe,
    })
    if ('faults' in started) throw new Error('the policies have faults')
    running = started
    if (stopping) return await stop()
    if (renewal !== null) await running.renew(renewal)
    const { records } = started
    records.onChange(() => tell({ from: 'health', usable: records.usable, cause: records.health.cause }))
    tell({ from: 'health', usable: records.usable, cause: records.health.cause })
    tell({ from: 'serving', address: started.address, policy: started.policy.digest })
  } catch (error) {
    const words = error instanceof RecordsFault || error instanceof KeyFault ? error.words : wordsOf(error)
    tell({ from: 'unable', ...words })
    log.error(words, { error })
    process.exitCode = 1
    process.disconnect?.()
  }
}

async function renew(config: Config): Promise<void> {
  renewal = config
  await running?.renew(config)
}

/** Also before it serves: what comes to a worker that is starting counts from its first exchange. */
function lock({ nth, restraints }: ToWorker & { to: 'lock' }): void {
  barrier.set(restraints)
  tell({ from: 'locked', nth })
}

function wordsOf(error: unknown): { zh: string; en: string } {
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  const known = /^E[A-Z]{2,20}$/.test(code) ? code : '-'
  return { zh: `工作进程无法启动（${known}）。`, en: `A worker could not start (${known}).` }
}

async function stop(): Promise<void> {
  stopping = true
  await running?.close()
  process.disconnect?.()
}
