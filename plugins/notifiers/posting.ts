/** What notifiers that post JSON have in common. */
import type { Notice } from '../../gateway/contracts.ts'

/** Bytes of an answer that are read. */
const mostAnswer = 64 * 1024

/** Posts a text as JSON; returns the answer's text. Throws where it is not taken; a redirect is not followed. */
export async function postJson(
  url: string,
  body: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const sent = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'veilgate', ...headers }
  const answer = await fetch(url, { method: 'POST', headers: sent, body, signal, redirect: 'error' })
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('utf8')
    if (text.length > mostAnswer) break
  }
  if (!answer.ok) throw new Error(`answered with ${answer.status}`)
  return text
}

/** Robots answer 200 with a number of their own: throws unless that says that it was taken. */
export function requireTaken(answer: string, key: 'errcode' | 'code'): void {
  let value: unknown
  try {
    value = JSON.parse(answer)
  } catch {
    throw new Error('the answer is no JSON')
  }
  const code = (value as Record<string, unknown> | null)?.[key]
  if (code !== 0) throw new Error(`answered with ${key} ${Number(code)}`)
}

/** For people: Chinese first, as these are read in China. */
export function textOf({ words, record, time }: Notice): string {
  return `${words.zh}\n${words.en}\n${record}  ${time}`
}

export const urlFile = {
  type: 'string',
  minLength: 1,
  description: 'File with the URL on one line; the URL is itself a secret, as whoever has it can post.',
}

/** The options of a robot that may sign with a secret; `secret` says what that looks like. */
export type RobotOptions = { readonly url_file: string; readonly secret_file?: string }

export function robotOptions(secret: string) {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['url_file'],
    properties: {
      url_file: urlFile,
      secret_file: {
        type: 'string',
        minLength: 1,
        description: `File with the secret of the robot${secret}; left out: it has none.`,
      },
    },
  } as const
}
