/** Alerts to a group in DingTalk, by a custom robot; signed where the robot has a secret. */
import { createHmac } from 'node:crypto'
import type { NotifierPlugin } from '../../gateway/contracts.ts'
import { postJson, type RobotOptions, requireTaken, robotOptions, textOf } from './posting.ts'

export const dingtalk: NotifierPlugin<RobotOptions> = {
  kind: 'notifier',
  name: 'dingtalk',
  summary: { zh: '钉钉群自定义机器人', en: 'A custom robot of a DingTalk group' },
  options: robotOptions(', SEC…'),
  create({ url_file: url, secret_file: secret }) {
    return async (notice, signal) => {
      const target = new URL(url)
      if (secret !== undefined) {
        const time = String(Date.now())
        target.searchParams.set('timestamp', time)
        target.searchParams.set('sign', createHmac('sha256', secret).update(`${time}\n${secret}`).digest('base64'))
      }
      const body = JSON.stringify({ msgtype: 'text', text: { content: textOf(notice) } })
      requireTaken(await postJson(target.href, body, signal), 'errcode')
    }
  },
}
