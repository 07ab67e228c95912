/** Alerts to a group in Feishu, by a custom robot; signed where the robot has a secret. */
import { createHmac } from 'node:crypto'
import type { NotifierPlugin } from '../../gateway/contracts.ts'
import { postJson, type RobotOptions, requireTaken, robotOptions, textOf } from './posting.ts'

export const feishu: NotifierPlugin<RobotOptions> = {
  kind: 'notifier',
  name: 'feishu',
  summary: { zh: '飞书群自定义机器人', en: 'A custom robot of a Feishu group' },
  options: robotOptions(''),
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
