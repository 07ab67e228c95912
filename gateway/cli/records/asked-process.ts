/**
 * The process that one question of the admin listener about records is answered in: it runs the command that answers the
 * same question on a terminal, so that reading much neither holds up those who serve nor takes their memory.
 */
import { type Command, type Io, UsageError } from '../command.ts'

export type Asked = {
  readonly command: 'query' | 'show' | 'report'
  readonly args: readonly string[]
  /** The account that asks, for the record of it. */
  readonly reader: string
  readonly lang: Io['lang']
}

/** Exit status where what was asked is not of the right shape. */
export const misasked = 64

const commands: Readonly<Record<Asked['command'], () => Promise<{ command: Command }>>> = {
  query: () => import('./query.ts'),
  show: () => import('./show.ts'),
  report: () => import('./report.ts'),
}

async function answer({ command: name, args, reader, lang }: Asked): Promise<number> {
  const { command } = await commands[name]()
  const io: Io = {
    stdin: (async function* () {})(),
    stdout: text => void process.stdout.write(text),
    stderr: () => {},
    lang,
    cwd: process.cwd(),
    env: {},
    reader,
  }
  try {
    return await command.run(args, io)
  } catch (error) {
    if (error instanceof UsageError) return misasked
    throw error
  }
}

if (import.meta.main) {
  // who asked is gone: nobody reads what would be said
  const gone = (): never => process.exit()
  process.once('disconnect', gone)
  process.once('message', (asked: Asked) => {
    void answer(asked).then(
      status => {
        process.exitCode = status
        process.off('disconnect', gone)
        process.disconnect?.()
      },
      () => process.exit(2),
    )
  })
}
