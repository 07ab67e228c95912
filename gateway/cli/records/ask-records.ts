/** Questions of the admin listener about records, each answered by a process of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { extname, join } from 'node:path'
import type { AskRecords, RecordsAnswer } from '../../console/records-api.ts'
import { exit } from '../command.ts'
import { type Asked, misasked } from './asked-process.ts'

const script = join(import.meta.dirname, `asked-process${extname(import.meta.filename)}`)
/** At one time; milliseconds for one; bytes of its answer; its memory in MiB. */
const [most, longest, largest, memory] = [2, 60_000, 8 * 1024 * 1024, 512]

/** `directory`: of the records. Questions under way end with `close`. */
export function askingRecords(directory: string): { readonly ask: AskRecords; close(): Promise<void> } {
  const underWay = new Set<ChildProcess>()
  return {
    async ask({ command, args, reader, lang }) {
      if (underWay.size >= most) return { is: 'busy' }
      const child = fork(script, {
        execArgv: [`--max-old-space-size=${memory}`],
        stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      })
      underWay.add(child)
      const timer = setTimeout(() => child.kill('SIGKILL'), longest)
      try {
        const asked: Asked = { command, args: [...args, `--records=${directory}`], reader, lang }
        return await answerOf(child, asked)
      } finally {
        clearTimeout(timer)
        underWay.delete(child)
      }
    },
    async close() {
      const ended = [...underWay].map(child => new Promise(resolve => child.once('close', resolve)))
      for (const child of underWay) child.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}

function answerOf(child: ChildProcess, asked: Asked): Promise<RecordsAnswer> {
  const pieces: Uint8Array[] = []
  let size = 0
  child.stdout!.on('data', (piece: Uint8Array) => {
    size += piece.length
    if (size > largest) child.kill('SIGKILL')
    else pieces.push(piece)
  })
  child.send(asked, () => {})
  return new Promise(resolve => {
    child.once('error', () => resolve({ is: 'failed' }))
    child.once('close', status => {
      if (size > largest) resolve({ is: 'too_much' })
      else if (status === misasked) resolve({ is: 'malformed' })
      else if (status === exit.well || status === exit.wrong)
        resolve({ is: 'text', text: Buffer.concat(pieces).toString('utf8'), damaged: status === exit.wrong })
      else resolve({ is: status === exit.unable ? 'none' : 'failed' })
    })
  })
}
