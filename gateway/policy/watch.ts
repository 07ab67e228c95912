import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, fileFault } from './fault.ts'
import type { Policy } from './policy.ts'

type Loaded<Taken> = { readonly policy: Taken } | { readonly faults: readonly Fault[] }

export type WatchOptions<Taken> = {
  readonly directory: string
  /** Reads and compiles the folder, as at the start. */
  readonly load: () => Loaded<Taken>
  /** The digest of the policy in force. */
  readonly digest: string
  /** A changed policy that is whole; called once for each. */
  readonly onPolicy: (policy: Taken) => void
  /** A change that is broken; the old policy stays in force. Called once until the folder changes again. */
  readonly onFaults: (faults: readonly Fault[]) => void
  /** Milliseconds between two looks; a change is taken once two looks agree. */
  readonly interval?: number
}

export type Watch = {
  /** Resolves when a look that is under way has ended; none follows. */
  close(): Promise<void>
}

/**
 * Looks at the policy folder every second, for the policy or for another thing that is read from it (alert rules). Polling, because a watch by the kernel says nothing on network and container
 * file systems, nor when a symbolic link above the folder is swapped. What is still being written differs between two
 * looks, or while it is read, and is left for the next one.
 */
export function watchPolicies<Taken extends { readonly digest: string } = Policy>(options: WatchOptions<Taken>): Watch {
  const { directory, load, onPolicy, onFaults, interval = 1000 } = options
  let { digest } = options
  let before = ''
  let settled = ''
  let closed = false
  let looking: Promise<void> = Promise.resolve()

  const attempt = (): Loaded<Taken> => {
    try {
      return load()
    } catch {
      // A bug, and no reason to stop serving under the old policy; but it must not go unseen either.
      const message = { zh: '读取策略时出现内部错误', en: 'reading the policies failed inside the gateway' }
      return { faults: [fileFault(directory, 'POLICY_FAILED', message)] }
    }
  }

  const look = async () => {
    const now = await fingerprint(directory)
    const still = now === before
    before = now
    if (closed || !still || now === settled) return
    const compiled = attempt()
    if ((await fingerprint(directory)) !== now || closed) return
    settled = now
    if (!('policy' in compiled)) onFaults(compiled.faults)
    else if (compiled.policy.digest !== digest) {
      digest = compiled.policy.digest
      onPolicy(compiled.policy)
    }
  }

  const next = () => {
    if (closed) return
    looking = look().finally(() => {
      timer = setTimeout(next, interval)
      timer.unref()
    })
  }
  let timer = setTimeout(next, interval)
  timer.unref()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
      clearTimeout(timer)
    },
  }
}

/** Names, sizes, times and inodes of all that could be read, behind whatever links lead there. */
async function fingerprint(directory: string): Promise<string> {
  const folders = [directory, join(directory, 'systems')]
  const lines: string[] = []
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => ['(unreadable)'])
    for (const name of names.sort()) {
      const found = await stat(join(folder, name), { bigint: true }).catch(() => null)
      lines.push(found === null ? `${name} -` : `${name} ${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}`)
    }
  }
  return lines.join('\n')
}
