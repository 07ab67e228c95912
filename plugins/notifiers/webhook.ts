/** Alerts to a program of one's own: JSON, signed as Standard Webhooks say (standardwebhooks.com). */
import { createHmac } from 'node:crypto'
import type { NotifierPlugin } from '../../gateway/contracts.ts'
import { postJson } from './posting.ts'

type Options = { readonly url: string; readonly secret_file: string }

export const webhook: NotifierPlugin<Options> = {
  kind: 'notifier',
  name: 'webhook',
  summary: {
    zh: '网络钩子：POST JSON，按 Standard Webhooks 签名',
    en: 'A webhook: JSON by POST, signed as Standard Webhooks say',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'secret_file'],
    properties: {
      url: { type: 'string', pattern: '^https?://', description: 'Where to post.' },
      secret_file: {
        type: 'string',
        minLength: 1,
        description: 'File with the secret on one line: HMAC-SHA-256 over id, time and body, in `webhook-signature`.',
      },
    },
  },
  create({ url, secret_file: secret }) {
    return async (notice, signal) => {
      const body = JSON.stringify({ type: 'veilgate.alert', ...notice })
      const seconds = String(Math.floor(Date.now() / 1000))
      const signature = createHmac('sha256', secret).update(`${notice.id}.${seconds}.${body}`).digest('base64')
      await postJson(url, body, signal, {
        'webhook-id': notice.id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${signature}`,
      })
    }
  },
}
