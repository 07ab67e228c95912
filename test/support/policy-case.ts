import type { KeyRing, MaskPlugin, Plugins } from '../../gateway/contracts.ts'
import { type Compiled, compilePolicy, type PolicyText } from '../../gateway/policy/compile.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import type { FileKind } from '../../gateway/policy/schema.ts'
import { plugins } from '../../plugins/index.ts'

/** A mask as it should not be: shows everything, or cannot be made. */
const open: MaskPlugin<{ fail?: boolean }> = {
  kind: 'mask',
  name: 'open',
  summary: { zh: '不遮盖', en: 'Hides nothing' },
  options: { type: 'object', additionalProperties: false, properties: { fail: { type: 'boolean' } } },
  examples: [],
  create({ fail = false }) {
    if (fail) throw new Error('told to')
    return { mask: value => value }
  },
}

const casePlugins: Plugins = { ...plugins, masks: [...plugins.masks, open] }

const shipped = new Map([
  [
    'catalogue.yaml',
    `data_types:
  cn_resident_id:
    title: { zh: 居民身份证号, en: Resident ID number }
    cell: A4
    names: [idCard]
    weak_names: [code]
    detector: cn_resident_id
    identifies: 1
    forms:
      partial: { keep_ends: { head: 3, tail: 0 } }
      generalize: { cn_resident_id_region: {} }
      digest: { hmac: {} }
  cn_mobile:
    title: { zh: 手机号, en: Mobile number }
    cell: A3
    names: [tel]
    detector: cn_mobile
    identifies: 3
    forms: { partial: { keep_ends: { head: 3, tail: 4 } }, token: { hmac: {} } }
  student_number:
    title: { zh: 学号, en: Student number }
    cell: C2
    names: [xh]
    identifies: 2
    forms: { partial: { keep_ends: { head: 2, tail: 0 } } }
`,
  ],
  [
    'audiences.yaml',
    `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  partner: { 4: remove, 3: token, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 4: [operator, purpose, basis, grant], 3: [operator, purpose, basis] } }
always: { B4: remove }
`,
  ],
])

/** Compiles policy texts by name, over a small catalogue and audiences that stand for the shipped ones. */
export function compileTexts(files: ReadonlyMap<string, string>, keys: KeyRing = testKeys): Compiled {
  const texts = (from: ReadonlyMap<string, string>, prefix: string): PolicyText[] =>
    [...from].map(([file, text]) => ({ kind: kindOf(file), file: prefix + file, bytes: Buffer.from(text) }))
  const parts = { texts: texts(files, ''), shipped: texts(shipped, 'veilgate/') }
  return compilePolicy(parts, { plugins: casePlugins, keys })
}

function kindOf(file: string): FileKind {
  return file === 'catalogue.yaml' ? 'catalogue' : file === 'audiences.yaml' ? 'audiences' : 'system'
}
