/** A process beside those that serve, for work that nothing waits for. Started again where it ends. */
import { type ChildProcess, fork } from 'node:child_process'

/** Milliseconds before one that ended is started again. */
const again = 10_000
/** Milliseconds it has to end by itself. */
const ending = 5_000

export type Companion<Message> = {
  readonly script: string
  /** What it is told at its start, each time. */
  readonly task: () => object
  readonly onMessage: (message: Message) => void
  /** Options of its runtime. */
  readonly execArgv?: readonly string[]
  /** Set for one that has nothing to finish, so that the end of the gateway need not wait until it has heard of it. */
  readonly endsByKill?: true
}

export type StartedCompanion = {
  /** Says something more; lost where it does not run. */
  tell(message: object): void
  close(): Promise<void>
}

/** Nothing of the gateway waits for it, or fails with it. */
export function startCompanion<Message>(companion: Companion<Message>): StartedCompanion {
  const { script, task, onMessage, execArgv = [], endsByKill = false } = companion
  let child: ChildProcess | null = null
  let timer: NodeJS.Timeout | undefined
  let isClosing = false
  const start = (): void => {
    const started = fork(script, { execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    child = started
    started.on('message', message => onMessage(message as Message))
    const ended = () => {
      child = null
      if (!isClosing) timer = setTimeout(start, again).unref()
    }
    started.once('exit', ended)
    started.on('error', () => {
      // where there are too many processes or open files it never began, and does not end either
      if (started.pid === undefined) ended()
    })
    // not there where it never began, whatever its type says
    started.send?.(task(), () => {})
    started.unref()
    started.channel?.unref()
  }
  start()
  return {
    tell(message) {
      if (child?.connected) child.send(message, () => {})
    },
    async close() {
      isClosing = true
      clearTimeout(timer)
      const last = child
      if (last === null || last.exitCode !== null || last.signalCode !== null) return
      // else nothing keeps this process until then, and it ends in the middle of its own end
      last.ref()
      const ended = new Promise<void>(resolve => last.once('exit', () => resolve()))
      if (endsByKill) last.kill('SIGKILL')
      else if (last.connected) last.disconnect()
      const kill = setTimeout(() => last.kill('SIGKILL'), ending)
      await ended
      clearTimeout(kill)
    },
  }
}
