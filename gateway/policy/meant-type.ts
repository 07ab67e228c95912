/** Which data type somebody meant who wrote a name that is none: most know what a field is called, few what its type is. */
import type { Bilingual } from '../contracts.ts'
import type { Catalogue, CatalogueType } from './catalogue.ts'
import { normalizeName } from './names.ts'
import { allForms } from './schema-parts.ts'
import { suggestion } from './spelling.ts'

const forms: ReadonlySet<string> = new Set(allForms)

/**
 * What to write in place of `written`, which names no type: the type that has such a title, such a field name or such a detector, else
 * the nearest spelling. A form is told apart, since what is shown is not said where fields are named.
 */
export function meantType(written: string, catalogue: Catalogue, types: Iterable<string>): Bilingual {
  if (forms.has(written))
    return {
      zh: '这是形式，不是类型；此处写这是什么数据（如 cn_mobile），各受众看到什么形式写在 audiences.yaml',
      en: 'this is a form; here stands what the field is, as cn_mobile; in which form an audience sees it is said in audiences.yaml',
    }
  if (/^(?:[A-Za-z][-_ ]?\d|\d[-_ ]?[A-Za-z]|[A-Da-d])$/.test(written))
    return {
      zh: '类别与级别写作 A 至 D 加 1 至 4，如 A4、B2',
      en: 'a class and level are one of A to D with one of 1 to 4, as in A4 or B2',
    }
  const name = normalizeName(written)
  const kinds = [...catalogue.values()]
  const owner = name === '' ? undefined : (ownerOf(name, kinds) ?? kinds.find(kind => kind.detector?.name === written))
  if (owner !== undefined)
    return {
      zh: `您是否想写“${owner.name}”（${owner.title.zh}）？`,
      en: `did you mean '${owner.name}' (${owner.title.en})?`,
    }
  return (
    suggestion(written, types) ?? {
      zh: '全部类型见 policies/CATALOGUE.zh-CN.md；新的类型写在 catalogue.yaml',
      en: 'all of them are in policies/CATALOGUE.md; a new one goes into catalogue.yaml',
    }
  )
}

/** `name`: normalised. By title first, then by the names that fields of the type have, then by weak ones. */
function ownerOf(name: string, types: readonly CatalogueType[]): CatalogueType | undefined {
  const has = (words: readonly string[]) => words.some(word => normalizeName(word) === name)
  return (
    types.find(({ title }) => has([title.zh, title.en])) ??
    types.find(({ names }) => has(names.map(one => one.name))) ??
    types.find(({ weakNames }) => has(weakNames.map(one => one.name)))
  )
}
