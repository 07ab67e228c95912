/** Alerts to a group in Feishu, by a custom robot; signed where the robot has a secret. */
import { createHmac } from 'node:crypto'
import type { NotifierPlugin } from '../../gateway/contracts.ts'
import { postJson, requireTaken, textOf, urlFile } from './posting.ts'

type Options = { readonly url_file: string; readonly secret_file?: string }

export const feishu: NotifierPlugin<Options> = {
  kind: 'notifier',
  name: 'feishu',
  summary: { zh: '飞书群自定义机器人', en: 'A custom robot of a Feishu group' },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['url_file'],
    properties: {
      url_file: urlFile,
      secret_file: {
        type: 'string',
        minLength: 1,
        description: 'File with the secret of the robot; left out: it has none.',
      },
    },
  },
  create({ url_file: url, secret_file: secret }) {
    return async (notice, signal) => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      // Feishu has the text to sign as the key, and signs nothing
      const sign =
        secret === undefined
          ? {}
          : { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') }
      const body = JSON.stringify({ ...sign, msg_type: 'text', content: { text: textOf(notice) } })
      requireTaken(await postJson(url, body, signal), 'code')
    }
  },
}
