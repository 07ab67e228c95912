import type { FormatPlugin } from '../../gateway/contracts.ts'
import { PageReader } from './html/reader.ts'
import { maskDelta } from './update-panel/mask-delta.ts'
import { opening } from './update-panel/nodes.ts'

/** What ASP.NET answers where a page asks for parts of itself (UpdatePanel): each with its length ahead. Read whole, up to `limits.page`. */
export const updatePanel: FormatPlugin = {
  kind: 'format',
  name: 'update_panel',
  summary: {
    zh: 'ASP.NET UpdatePanel 的局部页面：各部分按 HTML、隐藏域、脚本、地址读取，长度重新写出',
    en: 'Parts of a page for an UpdatePanel of ASP.NET: read as HTML, hidden fields, scripts and addresses; their lengths written anew',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['text/plain'],
  suffixes: [],
  measured: true,
  looksLike: begins,
  claims: begins,
  create: () => (fields, label) => {
    const reading = { fields, root: fields.root, pathBase: label?.pathBase ?? null, links: label?.links ?? null }
    return new PageReader(fields, delta => maskDelta(delta, reading))
  },
}

function begins(head: Uint8Array): boolean {
  return opening.test(Buffer.from(head.subarray(0, 320)).toString('latin1'))
}
