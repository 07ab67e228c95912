/** Whole values that read as a name, where the field they stand in is known to hold people: `王一` under 班主任. */
import { doubles, kind, kinds } from './name-tables.ts'

/** A surname of one character with one or two behind it, or of two; blanks pad names of two characters to the width of three. */
const shape = /^([\u3400-\u9fff])[ \u00a0\u3000]{0,4}([\u3400-\u9fff]{1,3})$/
const transcribed = /^[\u4e00-\u9fff]{1,8}(?:[·•‧・・][\u4e00-\u9fff]{1,8}){1,3}$/
/** Units and offices, and words that begin as a surname does, of what people do, are or have. */
const noName =
  /^..[处部局室院系所科组校店厂司馆站队员]$|^(?:安排|单位|经[理商]|司机|农[民户]|车间|全部|公[司务].?|时间|常[规用]|高[级中].?|成[功员人年]|万元|方[式法]|关[联闭]|管[理家].?|解除|包工.?|单[亲身].?|平台|商[户人家]|田间|游客|甲方|沙发)$/
const longest = 24

/** Whether all of a value may be the name of a person; bounded, whatever the text. */
export function isLoneName(value: string): boolean {
  if (value.length > longest) return false
  const text = value.trim()
  if (transcribed.test(text)) return true
  const found = shape.exec(text)
  if (found === null) return false
  const name = found[1]! + found[2]!
  if (noName.test(name)) return false
  if (doubles.has(name.slice(0, 2)) && name.length > 2) return true
  if (name.length > 3) return false
  const bits = kinds[name.charCodeAt(0)]!
  if ((bits & kind.common) !== 0) return true
  return (bits & kind.rare) !== 0 && (kinds[name.charCodeAt(1)]! & (kind.strong | kind.weak)) !== 0
}
