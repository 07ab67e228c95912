/** What is posted to a route that is asked by POST, as commands that name one request take it. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PostedBody } from '../../console/grant-draft.ts'
import { type Io, UsageError } from '../command.ts'

/** For parseArgs. */
export const bodyOptions = { body: { type: 'string' }, type: { type: 'string' } } as const
export const bodyUsage = `--body FILE, --type MEDIA             of a route that is asked by POST: what is posted, and its content-type`

/** Base64 of more would not go into a call. */
const longest = 32 * 1024

export function postedIn(
  { body: file, type }: { readonly body?: string | undefined; readonly type?: string | undefined },
  io: Io,
): { readonly body?: PostedBody } {
  if (file === undefined && type === undefined) return {}
  const path = file === undefined ? '' : resolve(io.cwd, file)
  if (type === undefined || !existsSync(path) || !statSync(path).isFile() || statSync(path).size > longest)
    throw new UsageError(words.body)
  return { body: { type, base64: readFileSync(path).toString('base64') } }
}

const words = {
  body: {
    zh: '--body 为不超过 32 KiB 的文件，并用 --type 给出其 content-type。',
    en: '--body takes a file of at most 32 KiB, and --type says its content-type.',
  },
}
