import { request as plain } from 'node:http'
import { type RequestOptions, request as secure } from 'node:https'

export type Got = {
  readonly status: number
  readonly code: string | undefined
  readonly body: string
  readonly headers: Record<string, unknown>
}

/** One request on a connection of its own, over node:http(s), which keeps headers as they are given. Rejects where there is no answer. */
export function get(url: string, options: RequestOptions & { body?: string } = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { body = '', ...rest } = options
    const request = url.startsWith('https:') ? secure : plain
    const sent = request(url, { agent: false, ...rest }, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', chunk => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const isProblem = answer.headers['content-type']?.startsWith('application/problem+json') === true
        // in words for who asks for text, as browsers do
        const inWords = /^Code: (\w+)$/m.exec(text)?.[1]
        const code = isProblem && text !== '' ? (JSON.parse(text) as { code: string }).code : inWords
        resolve({ status: answer.statusCode!, code, body: text, headers: answer.headers })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
