/**
 * Parameters that choose which fields come, by their names in the answer (`names` and `nested_names` of a policy). The plan knows values by
 * their names, so nothing may come under another: no alias, no function, no operator, no word behind a blank, which SQL takes for an alias.
 */
import type { Bilingual } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import { staysMasked } from '../../policy/parameters.ts'
import type { Plan } from '../../policy/plan.ts'

/** Lists inside lists. */
const deepest = 16

/** Throws CHOICE_REFUSED where a value is anything but a list of names that are masked as they are. `parameter`: as the policy declares it. */
export function checkChosen(parameter: string, value: string | null, nested: boolean, plan: Plan): void {
  const list = new NameList(value ?? '', nested, plan)
  const wrong = list.read()
  if (wrong === null) return
  const { zh, en } = reasons[wrong]
  const at = list.at + 1
  throw new Refusal('CHOICE_REFUSED', {
    fields: [parameter],
    detail: { zh: `第 ${at} 个字符：${zh}`, en: `Character ${at}: ${en}` },
  })
}

type Wrong = keyof typeof reasons

const reasons = {
  name: { zh: '此处应为字段名', en: 'the name of a field belongs here' },
  alias: { zh: '不能给字段另起名称', en: 'a field cannot be given another name' },
  list: { zh: '此参数不接受括号中的字段', en: 'this parameter takes no fields in brackets' },
  sign: {
    zh: '只能写字段名，以逗号分隔；不能有函数、运算、类型转换或空格后的文字',
    en: 'names of fields, parted by commas, and nothing else: no function, operator, cast or word behind a blank',
  },
  joined: {
    zh: '这样连写的名称在应答中可能不再脱敏；若应答是嵌套的，策略应写 nested_names',
    en: 'joined like this the name might not be masked in the answer; where answers are nested, the policy has to say nested_names',
  },
  deep: { zh: '括号层数过多', en: 'too many brackets inside one another' },
} as const satisfies Readonly<Record<string, Bilingual>>

const blanks = /[ \t\r\n]*/y
const name = /[\p{L}_][\p{L}\p{N}_]*(?:[.-][\p{L}_][\p{L}\p{N}_]*)*/uy
const path = /[\p{L}_][\p{L}\p{N}_]*(?:[./-][\p{L}_][\p{L}\p{N}_]*)*/uy
/** What OData has inside brackets, of which no other is a list of names. */
const option = /\$(?:select|expand)=/iy

class NameList {
  /** Up to where it is a list; once it was read: what is wrong. */
  at = 0
  readonly #text: string
  readonly #nested: boolean
  readonly #plan: Plan

  constructor(text: string, nested: boolean, plan: Plan) {
    this.#text = text
    this.#nested = nested
    this.#plan = plan
  }

  read(): Wrong | null {
    this.#take(blanks)
    if (this.at === this.#text.length) return null
    if (this.#text[this.at] === '[') return this.#json()
    const wrong = this.#items(0)
    if (wrong !== null) return wrong
    return this.at === this.#text.length ? null : this.#unexpected()
  }

  #items(depth: number): Wrong | null {
    if (depth > deepest) return 'deep'
    for (;;) {
      const wrong = this.#item(depth)
      if (wrong !== null) return wrong
      this.#take(blanks)
      if (this.#text[this.at] !== ',') return null
      this.at++
    }
  }

  #item(depth: number): Wrong | null {
    this.#take(blanks)
    if (this.#text[this.at] === '*') {
      this.at++
      return null
    }
    const from = this.at
    const found = this.#take(this.#nested ? path : name)
    if (found === '') return 'name'
    if (!this.#staysMasked(found)) {
      this.at = from
      return 'joined'
    }
    const closing = this.#text[this.at] === '(' ? ')' : this.#text[this.at] === '{' ? '}' : null
    return closing === null ? null : this.#inside(closing, depth)
  }

  #inside(closing: string, depth: number): Wrong | null {
    if (!this.#nested) return 'list'
    this.at++
    do {
      this.#take(blanks)
      this.#take(option)
      const wrong = this.#items(depth + 1)
      if (wrong !== null) return wrong
    } while (this.#text[this.at] === ';' && ++this.at > 0)
    if (this.#text[this.at] !== closing) return this.#unexpected()
    this.at++
    return null
  }

  /** `["name","tel"]`. */
  #json(): Wrong | null {
    let names: unknown
    try {
      names = JSON.parse(this.#text)
    } catch {
      return 'sign'
    }
    for (const one of names as unknown[]) {
      if (typeof one !== 'string') return 'name'
      name.lastIndex = 0
      if (one !== '*' && name.exec(one)?.[0] !== one) return 'sign'
      if (!this.#staysMasked(one)) return 'joined'
    }
    return null
  }

  /** Where the policy says that answers are nested, dots and slashes lead into objects; hyphens never do. */
  #staysMasked(found: string): boolean {
    const members = this.#nested ? found.split(/[./]/) : [found]
    return members.every(member => staysMasked(this.#plan, member))
  }

  #unexpected(): Wrong {
    const next = this.#text[this.at]
    return next === ':' ? (this.#text[this.at + 1] === ':' ? 'sign' : 'alias') : 'sign'
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.at += found.length
    return found
  }
}
