/** Reads XML by another parser than the gateway's, into what stands where. */
import { SaxesParser } from 'saxes'

export type XmlValue = {
  /** Local names from the root; an attribute's last. */
  readonly path: readonly string[]
  readonly attribute: boolean
  /** Text around child elements is one value each; blanks around it do not count. */
  readonly value: string
}

/** Throws where the document is not well-formed. Declarations of namespaces are left out. */
export function readXml(text: string): XmlValue[] {
  const values: XmlValue[] = []
  const path: string[] = []
  let run = ''
  const flush = () => {
    if (run.trim() !== '') values.push({ path: [...path], attribute: false, value: run.trim() })
    run = ''
  }
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ local, attributes }) => {
    flush()
    path.push(local)
    for (const one of Object.values(attributes)) {
      if (one.prefix === 'xmlns' || one.name === 'xmlns') continue
      values.push({ path: [...path, one.local], attribute: true, value: one.value })
    }
  })
  parser.on('closetag', () => {
    flush()
    path.pop()
  })
  parser.on('text', text => void (run += text))
  parser.on('cdata', text => void (run += text))
  parser.write(text).close()
  return values
}
