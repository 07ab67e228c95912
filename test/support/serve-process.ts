import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `veilgate serve` in a process of its own, as an operator runs it. */
export type ServeProcess = {
  readonly pid: number
  readonly url: string
  readonly admin: string
  /** Of its workers that are alive. */
  workers(): Promise<number[]>
  readonly stderr: () => string
  /** Nobody reads what it says from now on. */
  deafen(): void
  /** Sends it a signal; resolves with its exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

const main = join(import.meta.dirname, '../../gateway/cli/main.ts')

/** Resolves when it says that it serves; rejects with what it said where it ended instead. `begun`: called once there is a process. `stderrTo`: a file that takes what it says there. */
export async function startServeProcess(
  folder: string,
  args: readonly string[],
  begun?: (pid: number) => unknown,
  stderrTo: number | 'pipe' = 'pipe',
): Promise<ServeProcess> {
  // Under `npm test` INIT_CWD names the checkout, and would win over the folder.
  const env = { ...process.env, INIT_CWD: folder }
  const child = spawn(process.execPath, [main, '--lang', 'en', 'serve', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', stderrTo],
  })
  void begun?.(child.pid!)
  let [stdout, stderr] = ['', '']
  child.stdout!.on('data', text => (stdout += text))
  child.stderr?.on('data', text => (stderr += text))
  const ended = new Promise<number | null>(resolve => child.once('exit', status => resolve(status)))
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', () => stdout.includes('Ctrl-C') && resolve())
    void ended.then(status => reject(new Error(`serve ended with ${status}: ${stderr}`)))
  })
  const [, url] = /callers\s+(\S+)/.exec(stdout)!
  const [, admin] = /admin\s+(\S+)\/healthz/.exec(stdout) ?? [stdout, '']
  return {
    pid: child.pid!,
    url: url!,
    admin: admin!,
    workers: () => childrenOf(child),
    stderr: () => stderr,
    deafen() {
      child.stdout!.destroy()
      child.stderr?.destroy()
    },
    end(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

async function childrenOf(child: ChildProcess): Promise<number[]> {
  const text = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
  const children = text.trim().split(/\s+/).filter(Boolean).map(Number)
  const commands = await Promise.all(children.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return children.filter((_, nth) => !/housekeeper|follower/.test(commands[nth]!))
}
