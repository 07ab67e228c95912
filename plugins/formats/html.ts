import type { FormatPlugin } from '../../gateway/contracts.ts'
import { buildsPage, maskBuilder } from './html/builder.ts'
import { maskPage } from './html/mask-page.ts'
import { PageReader } from './html/reader.ts'
import { pageRoots } from './html/words.ts'

/** Pages of HTML as browsers parse them, whatever their faults; XHTML as well. Read whole, up to `limits.page`. */
export const html: FormatPlugin = {
  kind: 'format',
  name: 'html',
  summary: {
    zh: 'HTML 页面，按浏览器的方式解析：表格列、表单、标签旁的值、属性、脚本中的字面量；删除注释',
    en: 'Pages of HTML, parsed as browsers do: table columns, forms, labelled values, attributes, literals in scripts; comments go',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['text/html', 'application/xhtml+xml'],
  suffixes: [],
  looksLike: head => !/^[{[]/.test(beginning(head)) && !head.includes(0),
  claims: head => /^<(?:!doctype|!--|[a-z])/i.test(beginning(head)),
  fits: isPage,
  isIn: endsElement,
  create: () => (fields, label) => {
    // taken at the beginning: inside another body a reader stands where that body has it
    const { root } = fields
    const pathBase = label?.pathBase ?? null
    return new PageReader(fields, page =>
      buildsPage(page) ? maskBuilder(page, root, fields) : maskPage(page, root, { fields, pathBase, depth: 0 }),
    )
  },
}

/** Whether a text is a piece of a page: it begins with an element of one, and ends with a tag. */
function isPage(text: string): boolean {
  const first = /^\s*<(?:(!doctype)\b|([a-z][a-z0-9]*)[\s/>])/i.exec(text)
  if (first === null || !/>\s*$/.test(text)) return false
  return first[1] !== undefined || pageRoots.has(first[2]!.toLowerCase())
}

/** Whether an element of a page ends in a text, as in a sentence with words that stand out. */
function endsElement(text: string): boolean {
  for (const [, name] of text.matchAll(/<\/([a-z][a-z0-9]*)\s*>/gi)) if (pageRoots.has(name!.toLowerCase())) return true
  return false
}

/** The first characters behind a byte order mark and blanks. */
function beginning(head: Uint8Array): string {
  return Buffer.from(head)
    .toString('latin1')
    .replace(/^(?:\xef\xbb\xbf)?\s*/, '')
}
