/** A page as a browser's DOM, flattened: every element, attribute and text with its path, comments left out. */
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'

export type PageFact = { readonly path: string; readonly value: string }

export function readHtml(page: string): PageFact[] {
  const facts: PageFact[] = []
  const visit = (node: DefaultTreeAdapterTypes.ParentNode, path: string) => {
    const children = 'content' in node ? node.content.childNodes : node.childNodes
    // A comment between two texts is gone, and they are one.
    let text = ''
    const flush = () => {
      if (text !== '') facts.push({ path: `${path}/#text`, value: text })
      text = ''
    }
    for (const child of children) {
      if (defaultTreeAdapter.isTextNode(child)) text += child.value
      else if (defaultTreeAdapter.isElementNode(child)) {
        flush()
        const here = `${path}/${child.tagName}`
        facts.push({ path: here, value: '' })
        for (const { name, value } of child.attrs) facts.push({ path: `${here}/@${name}`, value })
        visit(child, here)
      }
    }
    flush()
  }
  visit(parse(page, { scriptingEnabled: false }), '')
  return facts
}
