/**
 * What passes without being read: a page's own files, and files that a route lets through. Their type is checked by label
 * and first bytes; they are bounded and on record like everything else.
 */
import { Refusal } from '../../errors.ts'
import type { Masker } from '../../masking/engine.ts'
import { lookOf, signatureOf, unlabelled } from '../../masking/sniff.ts'
import type { Tally } from '../../masking/tally.ts'
import type { AssetKind, Plan } from '../../policy/plan.ts'
import type { MediaType } from './media-type.ts'

/** What is sent on, under this label. */
export type Unread = { readonly format: 'asset' | 'opaque'; readonly contentType: string; readonly text: boolean }

/** Labels of text files, by kind. Label and bytes have to agree. */
const textLabels: ReadonlyMap<string, AssetKind> = new Map<string, AssetKind>([
  ['text/css', 'styles'],
  ['text/javascript', 'scripts'],
  ['application/javascript', 'scripts'],
  ['application/x-javascript', 'scripts'],
  ['text/ecmascript', 'scripts'],
  ['application/ecmascript', 'scripts'],
])
const imageSignatures = /^image\/(?:png|jpeg|gif|webp|bmp|x-icon|tiff|avif|heic)$/
const fontSignatures = /^(?:font\/(?:woff|woff2|ttf|otf|collection)|application\/vnd\.ms-fontobject)$/
const fontLabels =
  /^(?:font\/[a-z0-9-]+|application\/(?:x-)?font-[a-z0-9-]+|application\/vnd\.ms-(?:fontobject|opentype))$/

/**
 * Whether a body at a path of a page's own files is one: null where it is not. JSON, markup and data of any kind are not,
 * whatever their label. SVG is markup, and is read as that.
 */
export function assetOf(kinds: ReadonlySet<AssetKind>, type: MediaType, head: Uint8Array): Unread | null {
  const { essence } = type
  const kind = textLabels.get(essence ?? '')
  if (kind !== undefined) {
    const look = lookOf(head)
    if (!kinds.has(kind) || (look !== 'text' && look !== 'script' && look !== 'blank')) return null
    const label = kind === 'styles' ? 'text/css' : 'text/javascript'
    return { format: 'asset', contentType: label, text: true }
  }
  const signature = signatureOf(head)
  if (signature === null) return null
  const isUnlabelled = essence === null || unlabelled.test(essence)
  const image = imageSignatures.test(signature) && (isUnlabelled || essence.startsWith('image/'))
  const font = fontSignatures.test(signature) && (isUnlabelled || fontLabels.test(essence))
  if (!(image && kinds.has('images')) && !(font && kinds.has('fonts'))) return null
  return { format: 'asset', contentType: signature, text: false }
}

/**
 * Whether a body that no format reads may pass as a file, by the route's leave: null where it is no such file. Text never
 * is one, and neither is a file whose label says it is something else. Throws OPAQUE_NOT_ALLOWED where the
 * audience does not see its level clear.
 */
export function opaqueOf(plan: Plan, { essence }: MediaType, head: Uint8Array): Unread | null {
  if (plan.opaque === null || lookOf(head) !== 'binary') return null
  const signature = signatureOf(head)
  if (!agree(essence, signature)) return null
  if (plan.types[plan.opaque]!.forms[0]!.form !== 'clear') throw new Refusal('OPAQUE_NOT_ALLOWED')
  const telling = signature !== null && /^(?:image|audio|video)\/|^application\/pdf$/.test(signature)
  const office = essence !== null && /^application\/[a-z][a-z.+-]{1,100}$/.test(essence)
  return {
    format: 'opaque',
    contentType: telling ? signature : office ? essence : 'application/octet-stream',
    text: false,
  }
}

/** Whether a label and a signature can be those of one file. Labels of text agree with none. */
function agree(essence: string | null, signature: string | null): boolean {
  if (essence === null || unlabelled.test(essence)) return true
  const [kind, name] = essence.split('/') as [string, string]
  if (kind === 'image' || kind === 'audio' || kind === 'video') return signature?.startsWith(`${kind}/`) === true
  if (kind !== 'application') return false
  if (name === 'pdf') return signature === 'application/pdf'
  if (/json|xml|javascript|ecmascript|yaml|spreadsheetml|x-www-form|csv/.test(name))
    // office names hold these words: openxmlformats-officedocument, vnd.ms-xmlpaper
    return /^vnd\.openxmlformats-officedocument\.(?!spreadsheetml)/.test(name) && signature === 'application/zip'
  return signature === null || signature.startsWith('application/')
}

/**
 * A masker that masks nothing. `limit`: bytes; beyond, ANSWER_TOO_LARGE. An opaque file counts as one value of its cell,
 * shown clear.
 */
export function passUnread({ format }: Unread, plan: Plan, limit: number): Masker {
  let size = 0
  let counted = format === 'asset'
  const end = () => []
  return {
    format,
    write(chunk) {
      size += chunk.length
      if (size > limit) throw new Refusal('ANSWER_TOO_LARGE')
      return [chunk]
    },
    end,
    finish: end,
    takeTally(): Tally {
      const fields: Tally['fields'] = Object.create(null)
      if (!counted) fields[`opaque@${plan.types[plan.opaque!]!.cell}`] = { clear: 1 }
      counted = true
      return { rows: 0, fields, subjects: [] }
    },
    unlisted: () => [],
  }
}
