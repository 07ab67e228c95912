/** Drafts for the tests of this room. */
import { hash } from 'node:crypto'
import type { AccessDraft } from '../../gateway/records/entry.ts'

export const policy = `sha256:${'ab'.repeat(32)}`

/** The blind index of somebody, as records have it. */
export const indexOf = (who: unknown): string => hash('sha256', String(who), 'base64url').slice(0, 8)

/** The exchange of the example in DESIGN section 8. */
export function accessDraft(changes: Partial<AccessDraft> = {}): AccessDraft {
  return {
    kind: 'access',
    consumer: 'oa',
    operator: 'u1203',
    address: '10.1.2.3',
    system: 'student-affairs',
    route: '/api/students/{id}',
    method: 'GET',
    purpose: 'enrolment',
    basis: { kind: 'work_order', ref: 'WO-2026-0012', verified: false },
    grant: null,
    status: 200,
    upstreamStatus: 200,
    format: 'json',
    bytes: [5120, 4770],
    rows: 20,
    fields: { 'cn_resident_id@A4': { partial: 20 }, 'cn_mobile@A3': { clear: 20 } },
    searched: [],
    subjects: { count: 0, index: [] },
    policy,
    outcome: 'released',
    ...changes,
  }
}
