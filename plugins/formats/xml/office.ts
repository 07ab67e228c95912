/**
 * Sheets that office programs keep as one XML document: Excel's of 2003, and OpenDocument's. Their attributes say what styles and
 * sheets are called and of what type a cell is, and an attribute can repeat what a cell says.
 */
const spreadsheet = 'urn:schemas-microsoft-com:office:spreadsheet'
const excel = 'urn:schemas-microsoft-com:office:excel'
const openDocument = /^urn:(?:oasis:names:tc:opendocument:xmlns:|org:documentfoundation:names:)/

/** Attributes of Excel's that hold what somebody wrote. */
const written: ReadonlySet<string> = new Set(['Author', 'Formula', 'HRef', 'HRefScreenTip', 'Value'])
/** Attributes of OpenDocument's that hold names of parts, settings and types. */
const named: ReadonlySet<string> = new Set(['name', 'display-name', 'type', 'value-type'])
/** Types, places and sizes: no detector knows anything in these. */
const impersonal =
  /^(?:\d{1,6}(?:\.\d{1,6})?|String|Number|DateTime|Boolean|Error|string|float|percentage|currency|date|time|boolean|void)$/
const repeating = /^(?:string|date|time|boolean)-value$/

/** Whether an attribute of a namespace says how a sheet is to be read, with a value that could say nothing else. */
export function saysHow(namespace: string, local: string, value: () => string): boolean {
  return describesSheet(namespace, local) && impersonal.test(value())
}

/** Whether it says what a style, sheet or setting is called, or is like: no field of that name is meant. */
export function describesSheet(namespace: string, local: string): boolean {
  if (namespace === spreadsheet || namespace === excel) return !written.has(local)
  return named.has(local) && openDocument.test(namespace)
}

/** Whether it holds the value of a cell, beside the text in it. */
export function repeatsCell(namespace: string, local: string): boolean {
  return repeating.test(local) && openDocument.test(namespace)
}

/** What an attribute has to say once its cell holds a text in place of what it held; null: it says nothing of that. */
export function typeOfText(namespace: string, local: string): string | null {
  if (local === 'Type' && namespace === spreadsheet) return 'String'
  return local === 'value-type' && openDocument.test(namespace) ? 'string' : null
}
