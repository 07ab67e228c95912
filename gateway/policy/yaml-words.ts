import type { Bilingual } from '../contracts.ts'

/** What is said of a YAML text that cannot be read. */
export const yamlWords = {
  tooLarge: { zh: '文件超过 1 MiB', en: 'the file is over 1 MiB' },
  encoding: { zh: '文件不是有效的 UTF-8 文本', en: 'the file is not valid UTF-8' },
  encodingHint: {
    zh: '请在编辑器中另存为 UTF-8（旧系统导出的文件常为 GBK）',
    en: 'save it as UTF-8 in your editor (exports of old systems are often GBK)',
  },
  character: {
    zh: '此处有不可见的控制字符或改变文字方向的字符',
    en: 'there is an invisible control or direction character here',
  },
  unreadable: { zh: '无法作为 YAML 读取', en: 'the file cannot be read as YAML' },
  tooDeep: { zh: '嵌套超过 64 层', en: 'nested deeper than 64 levels' },
  tooMany: {
    zh: '展开别名后超过 100000 个值',
    en: 'more than 100000 values once aliases are written out',
  },
  documents: {
    zh: '一个文件只能有一份 YAML 文档，此处开始了第二份；每个系统请各写一个文件',
    en: 'a file holds one YAML document; a second one begins here: each system has a file of its own',
  },
  openQuote: { zh: '此处的引号没有闭合', en: 'this quote is not closed' },
  directive: { zh: '不支持以 % 开头的指令', en: 'directives (lines that start with %) are not supported' },
  tag: { zh: '不支持自定义标签', en: 'tags are not supported' },
  merge: { zh: '不支持合并键 <<', en: 'merge keys (<<) are not supported' },
  key: { zh: '键必须是非空的文字', en: 'a key must be a plain text that is not empty' },
  aliasUnknown: { zh: '此前没有这个名字的锚点', en: 'there is no anchor of this name before' },
  aliasOfItself: { zh: '别名指向了包含它自己的值', en: 'the alias points to a value that holds it' },
  doubledKey: (key: string): Bilingual => ({
    zh: `键“${key}”在此处重复`,
    en: `the key '${key}' stands here a second time`,
  }),
} as const

type SyntaxWords = { readonly code: string; readonly message: Bilingual; readonly hint?: Bilingual }

const syntax = (zh: string, en: string, hint?: Bilingual): SyntaxWords =>
  hint === undefined ? { code: 'SYNTAX', message: { zh, en } } : { code: 'SYNTAX', message: { zh, en }, hint }

const quote: Bilingual = {
  zh: "若此处是文字，请用引号括起，如 'a: b'",
  en: "if this is a text, put it in quotes, as in 'a: b'",
}
const align: Bilingual = {
  zh: '同一级的键要左对齐，下一级多缩进两个空格',
  en: 'keys of one level start in the same column, the next level two spaces further',
}

/** By the code of the YAML library. Its own messages are in English only and quote the text. */
export const syntaxWords: ReadonlyMap<string, SyntaxWords> = new Map([
  ['ALIAS_PROPS', syntax('别名上不能再加锚点或标签', 'an alias takes no anchor or tag')],
  ['BAD_ALIAS', syntax('别名写法有误', 'this is not a valid alias or anchor', quote)],
  ['BAD_DIRECTIVE', syntax('以 % 开头的指令写法有误', 'this is not a valid % directive', quote)],
  [
    'BAD_DQ_ESCAPE',
    syntax('双引号内的转义写法有误', 'this is not a valid escape in double quotes', {
      zh: '反斜杠写成 \\\\，或改用单引号',
      en: 'write a backslash as \\\\, or use single quotes',
    }),
  ],
  [
    'BAD_INDENT',
    syntax('缩进有误，或前面有括号没有闭合', 'the indentation is wrong, or a bracket before was not closed', align),
  ],
  ['BAD_PROP_ORDER', syntax('锚点或标签的位置有误', 'an anchor or tag stands in the wrong place')],
  ['BAD_SCALAR_START', syntax('文字不能以此字符开头', 'a plain text cannot start with this character', quote)],
  [
    'BLOCK_AS_IMPLICIT_KEY',
    syntax('此处多了一个冒号，或缩进有误', 'one colon too many, or a wrong indentation', quote),
  ],
  [
    'BLOCK_IN_FLOW',
    syntax('方括号或花括号内不能换用缩进写法', 'inside brackets or braces only the bracket style is allowed'),
  ],
  ['DUPLICATE_KEY', { code: 'DOUBLED_KEY', message: { zh: '键重复', en: 'this key stands twice' } }],
  ['IMPOSSIBLE', syntax('无法作为 YAML 读取', 'this cannot be read as YAML')],
  ['KEY_OVER_1024_CHARS', syntax('键超过 1024 个字符', 'a key is over 1024 characters')],
  ['MISSING_CHAR', syntax('缺少冒号、逗号、引号或括号', 'a colon, comma, quote or bracket is missing', quote)],
  [
    'MULTILINE_IMPLICIT_KEY',
    syntax('键不能跨行；多半是缺了冒号', 'a key cannot span lines; most likely a colon is missing'),
  ],
  ['MULTIPLE_ANCHORS', syntax('一个值只能有一个锚点', 'a value takes one anchor only')],
  ['MULTIPLE_DOCS', { code: 'DOCUMENTS', message: yamlWords.documents }],
  ['MULTIPLE_TAGS', syntax('一个值只能有一个标签', 'a value takes one tag only')],
  ['NON_STRING_KEY', { code: 'KEY', message: yamlWords.key }],
  ['RESOURCE_EXHAUSTION', { code: 'TOO_DEEP', message: yamlWords.tooDeep }],
  ['TAB_AS_INDENT', syntax('缩进不能用制表符', 'a tab cannot be used to indent', align)],
  ['TAG_RESOLVE_FAILED', { code: 'TAG', message: yamlWords.tag }],
  ['UNEXPECTED_TOKEN', syntax('此处不应出现这样的内容', 'this is not expected here', quote)],
  ['BAD_COLLECTION_TYPE', { code: 'TAG', message: yamlWords.tag }],
])

/**
 * What is most likely wrong, by how the line reads where a key should be: after the library's own code nobody would find a
 * full-width colon, nor that a line stands a column too far left. `at`: where the fault begins in `text`. null: nothing more is known.
 */
export function lineHint(text: string, at: number): Bilingual | null {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const line = text.slice(start).split('\n', 1)[0]!
  if (line.includes('：') && !/: |:$/.test(line))
    return {
      zh: '此行用了全角冒号“：”；请改成半角冒号加空格“: ”',
      en: 'the colon of this line is full-width (：); write a plain one and a space',
    }
  if (isDashed(text, start)) return dashHint
  if (/^ *\t/.test(line))
    return {
      zh: '此行的缩进中有制表符；请改用空格',
      en: 'there is a tab in the indentation of this line; write spaces',
    }
  if (/[｛｝［］【】]/.test(line))
    return {
      zh: '此行用了全角括号；请改成半角 { } 或 [ ]',
      en: 'the brackets of this line are full-width; write { } or [ ]',
    }
  if (/[[{]/.test(line) && commaHint(line) !== null) return commaHint(line)
  if (/^[\s-]*[\p{L}\p{N}_.$]+:[^\s:/]/u.test(line) || /^[\s-]*(path|system|request):\//.test(line))
    return { zh: '冒号后面要加一个空格', en: 'put a space after the colon' }
  if (at === start && /^ +[^\s:]+:(?: |$)/.test(line))
    return { zh: `多半是此行缩进有误：${align.zh}`, en: `most likely this line is indented wrong: ${align.en}` }
  const next = text.slice(start + line.length + 1).split('\n', 1)[0]!
  if (/: +[^\s|>&{[]/.test(line) && indentOf(next) > indentOf(line) && /^ +[^\s:]+:(?: |$)/.test(next))
    return { zh: `多半是下一行缩进过多：${align.zh}`, en: `most likely the next line is indented too far: ${align.en}` }
  return null
}

export const dashHint: Bilingual = { zh: '“-”后面要加一个空格', en: 'put a space after the dash' }

const dashed = / {0,256}-[\p{L}_$][^\s:]{0,256}:(?: |$)/muy

/** Whether the line that starts at an offset begins an item with a dash that is none, as in `-path: /a`. */
export function isDashed(text: string, start: number): boolean {
  dashed.lastIndex = start
  return dashed.test(text)
}

function indentOf(line: string): number {
  return line.search(/[^ ]|$/)
}

/** A full-width comma parts nothing, so that two values have become one. null: there is none. */
export function commaHint(value: string): Bilingual | null {
  return /[，、]/.test(value)
    ? {
        zh: '此处用了全角逗号；请改成半角逗号加空格“, ”',
        en: 'the comma in it is full-width; write a plain one and a space',
      }
    : null
}

/** Quotes of a Chinese keyboard or a word processor quote nothing: they are a part of the text. null: there are none around it. */
export function quotesHint(written: string): Bilingual | null {
  return /^['"]?[“”‘’＂＇「『].*[“”‘’＂＇」』]['"]?$/su.test(written)
    ? {
        zh: '两边是中文引号；请去掉，或改用半角引号',
        en: 'it is in typographic quotes; leave them out, or write plain ones',
      }
    : null
}
