/** What all approvers are told of grants at once: an emergency, and somebody who tries out whom a grant is for. */
import { type Grant, mostCompared } from '../../access/grants/ledger.ts'
import type { Approver } from '../../config/config.ts'
import type { Bilingual, Notice } from '../../contracts.ts'
import type { GrantEvent } from '../../grant-event.ts'

/** What is said of an event, to the log and to approvers; null: nothing. */
export function noticeOf(
  event: GrantEvent,
  grant: Grant,
  approvers: readonly Approver[],
): { readonly words: Bilingual; readonly notice: Notice } | null {
  const names = approvers.map(({ name }) => name).join(', ')
  const { person } = event
  if (event.action === 'approved' && grant.terms.emergency)
    return { words: words.emergency, notice: emergencyNotice(grant, String(person), names) }
  if (event.action === 'compared' && grant.compared.get(person ?? '') === mostCompared)
    return { words: words.compared, notice: comparedNotice(grant, String(person), names) }
  return null
}

/** By name: names and numbers as they are on record. */
function emergencyNotice({ terms }: Grant, person: string, names: string): Notice {
  const { id, operator, consumer, system, route, rows } = terms
  return {
    ...{ id: `emergency-${id}`, time: new Date().toISOString(), rule: 'emergency_grant' },
    ...{ consumer, operator, address: null, amount: rows, limit: rows, record: id },
    words: {
      zh: `紧急授权 ${id} 由 ${person} 一人批准：${operator} 访问 ${system} ${route}，使用后 24 小时内须复核。致：${names}`,
      en: `emergency grant ${id}, approved by ${person} alone: ${operator} for ${system} ${route}; a review is due within 24 hours of its use. To: ${names}`,
    },
  }
}

function comparedNotice({ terms }: Grant, person: string, names: string): Notice {
  const { id, operator, consumer } = terms
  return {
    ...{ id: `compared-${id}-${person}`, time: new Date().toISOString(), rule: 'grant_target_guessed' },
    ...{ consumer, operator, address: null, amount: mostCompared, limit: mostCompared, record: id },
    words: {
      zh: `${person} 已就授权 ${id} 查问了 ${mostCompared} 个地址，不再答复；请核实其用意。致：${names}`,
      en: `${person} has asked of ${mostCompared} targets whether they are that of the grant ${id}, and is told no more: find out what for. To: ${names}`,
    },
  }
}

const words = {
  emergency: {
    zh: '紧急授权已由一人批准；所有批准人请注意，须在 24 小时内复核：veilgate grants list',
    en: 'an emergency grant was approved by one person: to all approvers, a review is due within 24 hours of its use. See veilgate grants list',
  },
  compared: {
    zh: '有人反复查问某授权所指何人，不再答复；是谁：veilgate records query --kind grant',
    en: 'somebody has asked too often whom a grant is for, and is told no more. Who it was: veilgate records query --kind grant',
  },
}
