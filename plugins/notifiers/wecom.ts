/** Alerts to a group in WeCom, by a group robot. */
import type { NotifierPlugin } from '../../gateway/contracts.ts'
import { postJson, requireTaken, textOf, urlFile } from './posting.ts'

type Options = { readonly url_file: string }

export const wecom: NotifierPlugin<Options> = {
  kind: 'notifier',
  name: 'wecom',
  summary: { zh: '企业微信群机器人', en: 'A robot of a WeCom group' },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['url_file'],
    properties: { url_file: urlFile },
  },
  create({ url_file: url }) {
    return async (notice, signal) => {
      const body = JSON.stringify({ msgtype: 'text', text: { content: textOf(notice) } })
      requireTaken(await postJson(url, body, signal), 'errcode')
    }
  },
}
