import type { FormatPlugin } from '../../gateway/contracts.ts'
import { json } from './json.ts'
import { JsonpReader, opening } from './jsonp/reader.ts'

/** One JSON text handed to one function: `callback({…});`. A program, so it is read only where the policy says so. */
export const jsonp: FormatPlugin = {
  kind: 'format',
  name: 'jsonp',
  summary: {
    zh: 'JSONP：一个 JSON 交给一个回调函数；路由写明 jsonp: allow 才读',
    en: 'JSONP: one JSON text handed to a function; read only where the route says `jsonp: allow`',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['application/javascript', 'text/javascript', 'application/x-javascript'],
  suffixes: [],
  looksLike: head => opening.test(Buffer.from(head.subarray(0, 320)).toString('latin1')),
  claims: () => false,
  create: () => {
    const read = json.create({})
    return (fields, label) => new JsonpReader(fields, read(fields, label))
  },
}
