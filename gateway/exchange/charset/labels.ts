/** Charsets the gateway can read and write again. */
export type Charset = 'utf-8' | 'gbk' | 'gb18030' | 'big5'

/**
 * The labels of the WHATWG Encoding Standard (4.2) for these charsets, so that the gateway reads a body as browsers do:
 * what calls itself GB2312 is GBK. One difference: US-ASCII, which browsers read as windows-1252, is read as UTF-8,
 * strictly, so that a byte above 127 under that label has to be UTF-8 or is withheld.
 */
const labels: ReadonlyMap<string, Charset> = new Map<string, Charset>([
  ...each('utf-8', 'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 us-ascii ascii'),
  ...each('gbk', 'chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk'),
  ...each('gb18030', 'gb18030'),
  ...each('big5', 'big5 big5-hkscs cn-big5 csbig5 x-x-big5'),
])

const inBlanks = /[^\t\n\f\r ](?:.*[^\t\n\f\r ])?/s

/** The charset that a label names, in any case and with space around it; null where it is none the gateway can read. */
export function charsetOf(label: string): Charset | null {
  return labels.get((inBlanks.exec(label)?.[0] ?? '').toLowerCase()) ?? null
}

const western: ReadonlySet<string> = new Set(
  'ansi_x3.4-1968 cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252'.split(
    ' ',
  ),
)

/** Whether a label is one of windows-1252, which servlet containers write where nobody has said anything. */
export function isWestern(label: string): boolean {
  return western.has(label.trim().toLowerCase())
}

function each(charset: Charset, words: string): [string, Charset][] {
  return words.split(' ').map(word => [word, charset])
}
