/** A plan with the usual kinds of fields, for tests of formats: names bound by the policy, numbers found anywhere. */
import type { Plan } from '../../gateway/policy/plan.ts'
import { mask, type PlanSketch, planOf } from '../support/plan.ts'

const sketch: PlanSketch = {
  fields: { xm: 'name', 姓名: 'name', name: 'name', 'guardian.tel': 'guardian_tel', 备注: 'note', 民族: 'removed' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), identifies: 2 },
    id: {
      cell: 'A4',
      form: 'partial',
      mask: mask('keep_ends', { head: 3 }),
      detector: 'cn_resident_id',
      identifies: 1,
    },
    tel: { form: 'redact', detector: 'cn_mobile' },
    guardian_tel: { form: 'redact' },
    note: { kind: 'free_text' },
    removed: { form: 'remove' },
  },
}

export const people: Plan = planOf({
  ...sketch,
  fields: { ...sketch.fields, idCard: 'id', 身份证号: 'id', tel: 'tel', 手机号: 'tel' },
})
export const id = '11010519491231002X'
export const tel = '13800138000'
