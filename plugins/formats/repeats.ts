/**
 * Names of people that a page, or a row of a workbook, has in a field, and again where nothing says what they are: in a title, in a
 * question of a program (`confirm('确定删除张三吗')`), in a hint, in a remark. There they leave as they do in the field.
 */
import type { FieldCursor, Place } from '../../gateway/contracts.ts'
import type { Pausing } from './html/turns.ts'
import type { LabelledText } from './text/labels.ts'

/** Of two characters of Chinese or more, with the points that names of minorities have. */
const name = /^[\u3007\u3400-\u9fff](?:[·•‧]?[\u3007\u3400-\u9fff]){1,14}$/
/** What stands in a field of a name where there is nobody's: a page has such words all over. */
const nobody =
  /^(?:(?:系统|超级|普通|默认)?管理员?|(?:测试|匿名|普通|注册|系统|全部|所有|其他|新)?用户|系统|测试|匿名|游客|访客|未知|暂无|其他|其它|全部|所有|本人|不详|保密|空|客户|会员|公司|单位|部门|学生|教师|老师|家长|医生|护士|患者|病人|操作员|值班员|经办人|联系人|负责人|请选择)$/
/** By these alone a field may be of things as well. */
const ofThings = /^name$/i
/** Safe wherever it is put: in a text, an attribute, a string of a program, an address. */
const safe = /^[\u3007\u3400-\u9fff·•‧*]*$/
const mostNames = 10_000
const unitsBetweenPauses = 65_536

type Shown = { readonly name: string; readonly shown: string }

export class Repeats {
  readonly #fields: FieldCursor
  readonly #labels: LabelledText
  /** By their first two characters. */
  readonly #names = new Map<number, Shown[]>()
  #size = 0
  #areInOrder = true

  constructor(fields: FieldCursor, labels: LabelledText) {
    this.#fields = fields
    this.#labels = labels
  }

  /** A value of the field at a place leaves as `shown`. */
  note(place: Place, value: string, shown: string): void {
    if (this.#size >= mostNames || value.length < 2 || value.length > 30 || !isHan(value.charCodeAt(0))) return
    const known = this.#names.get(startAt(value, 0))
    if (known?.some(one => one.name === value) || !name.test(value) || nobody.test(value)) return
    if ((this.#fields.byteRule(place)?.person ?? null) === null || !this.#isOfPeople(place, value)) return
    const one = { name: value, shown: safe.test(shown) && shown !== value ? shown : '***' }
    if (known === undefined) this.#names.set(startAt(value, 0), [one])
    else known.push(one)
    this.#size++
    this.#areInOrder = false
  }

  get isEmpty(): boolean {
    return this.#size === 0
  }

  forget(): void {
    this.#names.clear()
    this.#size = 0
    this.#areInOrder = true
  }

  #putInOrder(): void {
    if (this.#areInOrder) return
    for (const known of this.#names.values()) known.sort((a, b) => b.name.length - a.name.length)
    this.#areInOrder = true
  }

  #isOfPeople(place: Place, value: string): boolean {
    const named = this.#labels.nameOf(place)
    if (named === null || !ofThings.test(named.name)) return true
    this.#fields.memberNamed(this.#fields.root, `${value}先生`)
    return this.#fields.keyIsPersonal
  }

  /** A page, or a text of one, as it leaves, without these names. */
  *hide(page: string): Pausing<string> {
    if (this.#size === 0) return page
    this.#putInOrder()
    let written = ''
    let done = 0
    for (let at = 0; at + 1 < page.length; at++) {
      if (at % unitsBetweenPauses === 0) yield
      if (!isHan(page.charCodeAt(at))) continue
      const found = this.#names.get(startAt(page, at))?.find(one => page.startsWith(one.name, at))
      if (found === undefined) continue
      written += page.slice(done, at) + found.shown
      done = at + found.name.length
      at = done - 1
    }
    return done === 0 ? page : written + page.slice(done)
  }
}

function isHan(code: number): boolean {
  return (code >= 0x3400 && code <= 0x9fff) || code === 0x3007
}

function startAt(text: string, at: number): number {
  return text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1)
}
