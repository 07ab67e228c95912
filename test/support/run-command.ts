import { main } from '../../gateway/cli/main.ts'

export type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** Runs one command line in this process. */
export async function runCommand(
  args: readonly string[],
  {
    stdin = '',
    cwd = process.cwd(),
    lang = 'en',
  }: { stdin?: string | Uint8Array; cwd?: string; lang?: 'zh' | 'en' } = {},
): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const pieces = stdin.length === 0 ? [] : [Buffer.from(stdin)]
  const status = await main(args, {
    stdin: (async function* () {
      yield* pieces
    })(),
    stdout: text => void (stdout += Buffer.from(text).toString('utf8')),
    stderr: text => void (stderr += text),
    lang,
    cwd,
    env: {},
  })
  return { status, stdout, stderr }
}
