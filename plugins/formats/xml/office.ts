/**
 * Documents of office programs. Of those that are one XML document, sheets are read: Excel's of 2003, and OpenDocument's. Their attributes say what styles and
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

/**
 * What programs for letters, slides and drawings keep as XML, and packages of any of their parts: Word of 2003, Office Open XML, Visio, and
 * UOF, the standard of China. They break a number into runs wherever its looks or its spelling was changed, and cells name no column.
 */
const prose =
  /^http:\/\/(?:schemas\.microsoft\.com\/(?:office\/(?:word\/2003\/wordml|2006\/xmlPackage)|visio\/2003\/core)|schemas\.openxmlformats\.org\/(?:wordprocessingml|presentationml|drawingml)\/2006\/\w+|purl\.oclc\.org\/ooxml\/(?:wordprocessingml|presentationml|drawingml)\/\w+|schemas\.uof\.org\/cn\/\d{4}\/uof)$/
const sheetOfOpenDocument = /^application\/vnd\.oasis\.opendocument\.spreadsheet(?:-template)?$/

/** Whether a root begins a document that is not a sheet, by its namespace and what it says of its type. */
export function beginsProse(namespace: string, mediaType: string | null): boolean {
  if (prose.test(namespace)) return true
  return mediaType !== null && openDocument.test(namespace) && !sheetOfOpenDocument.test(mediaType)
}

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
