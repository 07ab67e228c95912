/** What `doctor` sees on record: whether what people do in an emergency was rehearsed. */
import type { Config } from '../../config/config.ts'
import { lockdownsIn } from '../admin/control-past.ts'
import { type Finding, finding } from './finding.ts'

const due = finding(
  'DRILL_DUE',
  'advice',
  [
    '一年内没有封锁演练的记录：出事时才第一次使用',
    'no lockdown was rehearsed within a year: the first one would be of an emergency',
  ],
  [
    '每年至少演练一次：veilgate lockdown --consumer 名称 --drill，只记录，不影响服务',
    'rehearse one each year: veilgate lockdown --consumer NAME --drill goes on record and stops nothing',
  ],
)

const year = 366 * 86_400_000

/** Where nobody could order a lockdown there is nothing to rehearse. Records that cannot be read are for `records verify`. */
export async function findingsOnRecord(
  { approvers, records }: Pick<Config, 'approvers' | 'records'>,
  now: number,
): Promise<Finding[]> {
  if (approvers.length === 0) return []
  try {
    for await (const { event, time } of lockdownsIn(records, () => {}))
      if (event.drill && event.action === 'locked' && time > now - year) return []
  } catch {
    return []
  }
  return [due(records)]
}
