/** Which parts of a workbook are read and go on, and what is told of them elsewhere in the package. */
import { posix } from 'node:path'
import { fault } from '../faults.ts'
import { escapeXml } from './edits.ts'
import { partText, XmlReader } from './xml.ts'

/**
 * `workbook`, `sheet`, `strings` and `marked` are read; `picture` becomes a blank one; `relations` and `types` are made again from
 * what is left. All else goes: what nothing here reads must not leave.
 */
export type PartKind = 'workbook' | 'sheet' | 'strings' | 'marked' | 'picture' | 'relations' | 'types' | 'gone'

/** Names are told from their kinds alone, so that a part's own name can hold nothing. */
const kinds: readonly (readonly [RegExp, PartKind])[] = [
  [/^\[Content_Types\]\.xml$/i, 'types'],
  [
    /^(?:_rels\/|xl\/(?:worksheets|chartsheets|drawings|charts|tables)?\/?_rels\/)(?:[a-z_]{1,24}\d{0,5}\.(?:xml|vml))?\.rels$/i,
    'relations',
  ],
  [/^xl\/workbook\.xml$/i, 'workbook'],
  [/^xl\/worksheets\/[a-z_]{1,24}\d{0,5}\.xml$/i, 'sheet'],
  [/^xl\/sharedStrings\d?\.xml$/i, 'strings'],
  [/^xl\/styles\d?\.xml$/i, 'marked'],
  [
    /^xl\/(?:theme|chartsheets|tables|charts|drawings|comments|threadedComments|persons)\/[a-z_]{1,24}\d{0,5}\.xml$/i,
    'marked',
  ],
  [/^xl\/(?:comments|vmlDrawing)\d{0,5}\.(?:xml|vml)$/i, 'marked'],
  [/^xl\/drawings\/[a-z_]{1,24}\d{0,5}\.vml$/i, 'marked'],
  [/^xl\/media\/[a-z_]{1,24}\d{0,5}\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg)$/i, 'picture'],
]

export function kindOf(name: string): PartKind {
  return kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'gone'
}

export type Relation = { readonly id: string; readonly type: string; readonly target: string }

/** The part that a file of relations belongs to: `xl/_rels/workbook.xml.rels` to `xl/workbook.xml`, `_rels/.rels` to ''. */
export function ownerOf(relations: string): string {
  return relations.replace(/_rels\/([^/]*)\.rels$/i, '$1')
}

/** Relations to parts of the package, with the parts' full names; those to places outside are left out. */
export function readRelations(name: string, content: Buffer): Relation[] {
  const xml = new XmlReader(partText(content))
  const folder = posix.dirname(`/${ownerOf(name)}`)
  const found: Relation[] = []
  const ids = new Set<string>()
  while (xml.next() !== 'end') {
    if ((!xml.at('open') && !xml.at('empty')) || !xml.is('Relationship')) continue
    const [id, type, target] = [xml.get('Id'), xml.get('Type'), xml.get('Target')]
    if (id === undefined || type === undefined || target === undefined) throw fault('malformed')
    if (!/^(?!.*\d{9})[\w.-]{1,64}$/.test(id) || ids.has(id)) throw fault('malformed')
    if (xml.get('TargetMode')?.toLowerCase() === 'external') continue
    ids.add(id)
    if (!/^(?!.*\d{7})https?:\/\/[\w./-]{1,200}$/.test(type)) throw fault('malformed')
    found.push({ id, type, target: posix.resolve(folder, target).slice(1) })
  }
  return found
}

export function writeRelations(name: string, relations: readonly Relation[]): Buffer {
  const folder = posix.dirname(`/${ownerOf(name)}`)
  const lines = relations.map(({ id, type, target }) => {
    const path = posix.relative(folder, `/${target}`)
    return `<Relationship Id="${id}" Type="${type}" Target="${escapeXml(path)}"/>`
  })
  const space = 'http://schemas.openxmlformats.org/package/2006/relationships'
  return Buffer.from(`${prolog}<Relationships xmlns="${space}">${lines.join('')}</Relationships>`)
}

/** The list of content types, for parts that are left. A workbook with macros becomes one without: they are gone. */
export function writeTypes(content: Buffer, isLeft: (name: string) => boolean): Buffer {
  const xml = new XmlReader(partText(content))
  const lines: string[] = []
  while (xml.next() !== 'end') {
    if (!xml.at('open') && !xml.at('empty')) continue
    const type = xml.get('ContentType')
    if (type === undefined) continue
    if (!/^(?!.*\d{7})(?:application|image|text|audio|video|model)\/[a-zA-Z][a-zA-Z0-9.+-]{0,120}$/.test(type))
      throw fault('malformed')
    const [extension, part] = [xml.get('Extension'), xml.get('PartName')]
    if (xml.is('Default') && /^[a-z0-9]{1,8}$/i.test(extension ?? ''))
      lines.push(`<Default Extension="${extension}" ContentType="${type}"/>`)
    else if (xml.is('Override') && part?.startsWith('/') === true && isLeft(part.slice(1)))
      lines.push(`<Override PartName="${escapeXml(part)}" ContentType="${withoutMacros(type)}"/>`)
  }
  const space = 'http://schemas.openxmlformats.org/package/2006/content-types'
  return Buffer.from(`${prolog}<Types xmlns="${space}">${lines.join('')}</Types>`)
}

function withoutMacros(type: string): string {
  return type.replace(
    /^application\/vnd\.(?:ms-excel\.(?:sheet|template)\.macroEnabled|openxmlformats-officedocument\.spreadsheetml\.template)\.main\+xml$/i,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
  )
}

const prolog = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** One pixel without colour, in the place of a picture: nobody here can read what a picture shows. */
export function blankPicture(name: string): Buffer {
  return name.toLowerCase().endsWith('.svg') ? Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') : blankPng
}

const blankPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
