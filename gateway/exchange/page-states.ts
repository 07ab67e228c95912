/**
 * States that servers hide in pages (`__VIEWSTATE` of ASP.NET, `javax.faces.ViewState` of JSF), and want back with the form. They
 * repeat what is shown, and more, in base64 that everybody can read, so they leave sealed for one caller, and are opened again on their way
 * to the system.
 */
import type { Seal } from '../access/seal.ts'
import type { ShownBox } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import { bringsToken, isSealedToken, openedInJson, sealedToken } from './handed-out.ts'
import { encodeStrictly } from './percent.ts'
import { formDecoded, halvesOf } from './request/urlencoded.ts'

/** Which of a caller's pages it is in: another's does not open. */
export type StateScope = {
  readonly system: string
  readonly consumer: string
  /** null: nobody who vouches for the caller names one. */
  readonly operator: string | null
  /** Where the page is, under the system. */
  readonly page: string
}

/** What boxes of a form were shown with. */
export type ShownForm = {
  /** When, in milliseconds since 1970. */
  readonly at: number
  /** Where it is sent to, as `formPath` writes it. */
  readonly path: string
  /** Of the page; null: UTF-8. */
  readonly charset: string | null
  readonly boxes: readonly ShownBox[]
}

/** The hidden field that says what boxes were shown with. It is the gateway's own: no system gets it. */
export const boxesField = '__vgboxes'

const mark = 'vgs1.'
const sealed = /^vgs1\.[\w-]{40,}$/
const ascii = /^[\x20-\x7e]*$/
/** Half of what a field of a form may have, with room for its percent signs. */
const longest = 2 * 1024 * 1024
/** Sealed, and with what else there is, it fits in `limits.request_headers`. */
const longestHandedOut = 8 * 1024
/** What a portlet puts ahead of its fields, which parts of its page are named without. */
const ofPortlet = /^[^\0]*:(?=(?:javax|jakarta)\.faces\.ViewState$)/
/** Pages call one token by several names: in a meta it is `csrf-token`, in the form `_token`. */
const ofToken = /(?:token|csrf|xsrf)[\])_-]*$/i
/** It comes back under these too, as programs of Zabbix and Moodle send it; in a page they may name something else. */
const ofSentToken = /^(?:sid|sesskey)[\])_-]*$/i
const longestTokenName = 64
const [asText, asBase64, asCookie] = [0, 1, 2] as const
const plainName = /^[\w.[\]-]+$/

/** Whether a parameter, header or cookie of this name brings the token of a page. */
export function namesToken(name: string): boolean {
  return name.length <= longestTokenName && plainName.test(name) && ofToken.test(name)
}

/** Whether a text looks like a state that a gateway has sealed. */
export function isSealedState(text: string): boolean {
  return sealed.test(text)
}

export class PageStates {
  readonly #seal: Seal
  readonly #scope: StateScope
  readonly #charset: string | null

  constructor(seal: Seal, scope: StateScope, charset: string | null = null) {
    this.#seal = seal
    this.#scope = scope
    this.#charset = charset
  }

  /** The same of a page in this charset. */
  of(charset: string): PageStates {
    return new PageStates(this.#seal, this.#scope, charset)
  }

  /** What boxes of a form that is sent to `action` are shown with, but for sealed states; null: none, or too many to come back. */
  sealBoxes(action: string, all: readonly ShownBox[]): { readonly name: string; readonly value: string } | null {
    const boxes = all.filter(({ shown }) => shown === null || !isSealedState(shown))
    if (boxes.length === 0) return null
    const path = formPath(action, this.#scope.page)
    const shown: ShownForm = { at: Date.now(), path, charset: this.#charset, boxes }
    const plain = Buffer.from(JSON.stringify(shown))
    if (plain.length > longest) return null
    return { name: boxesField, value: mark + this.#seal.sealBytes(plain, this.#contextOf('boxes', '')) }
  }

  /** Throws PAGE_STATE_UNUSABLE. */
  openBoxes(value: string): ShownForm {
    const bytes = isSealedState(value)
      ? this.#seal.openBytes(value.slice(mark.length), this.#contextOf('boxes', ''))
      : null
    if (bytes === null) throw new Refusal('PAGE_STATE_UNUSABLE')
    return JSON.parse(bytes.toString('utf8'))
  }

  /** What the state in a field of this name leaves as; null: it cannot come back as it was. */
  seal(name: string, state: string): string | null {
    if (state.length > longest || !ascii.test(state)) return null
    const bytes = Buffer.from(state, 'base64')
    const isBase64 = bytes.toString('base64') === state
    const packed = isBase64 ? [Buffer.of(asBase64), bytes] : [Buffer.of(asText), Buffer.from(state, 'latin1')]
    return mark + this.#seal.sealBytes(Buffer.concat(packed), this.#contextOf('state', name))
  }

  /** What the token of a page in a field of this name leaves as; null: a field of this name holds none. */
  sealToken(name: string, token: string): string | null {
    return name.length <= longestTokenName && ofToken.test(name) ? this.seal(name, token) : null
  }

  /** What a token leaves as that the system hands its caller; null: it could not come back in a header. */
  sealHandedOut(token: string): string | null {
    if (token.length === 0 || token.length > longestHandedOut || !ascii.test(token)) return null
    return sealedToken.mark + this.#seal.sealBytes(Buffer.from(token, 'latin1'), this.#contextOf('handed out', ''))
  }

  /** Throws CREDENTIALS_WRONG, as an application then has its user sign in again, and PAGE_STATE_UNUSABLE under a name of no token. */
  #openHandedOut(name: string, value: string): string {
    if (!bringsToken(name)) throw new Refusal('PAGE_STATE_UNUSABLE')
    const token = this.#seal.openBytes(value.slice(sealedToken.mark.length), this.#contextOf('handed out', ''))
    if (token === null) throw new Refusal('CREDENTIALS_WRONG')
    return token.toString('latin1')
  }

  /** The same of what a header brings, behind the scheme that it may have. */
  openHeader(name: string, value: string): string {
    const [, scheme = '', token] = sealedToken.inHeader.exec(value) ?? []
    return token === undefined ? this.open(name, value) : scheme + this.#openHandedOut(name, token)
  }

  /** The same of all members of a JSON text in UTF-8 that is well-formed. */
  openJson(json: Uint8Array): Uint8Array {
    return openedInJson(json, (name, token) => this.#openHandedOut(name, token))
  }

  /**
   * A field's value as the system gave it out; itself where it is nothing that was sealed. Throws PAGE_STATE_UNUSABLE, and
   * CREDENTIALS_WRONG.
   */
  open(name: string, value: string): string {
    if (isSealedToken(value)) return this.#openHandedOut(name, value)
    if (!isSealedState(value)) return value
    const packed = this.#seal.openBytes(value.slice(mark.length), this.#contextOf('state', name))
    if (packed === null) throw new Refusal('PAGE_STATE_UNUSABLE')
    return packed[0] === asBase64 ? packed.toString('base64', 1) : textOf(packed)
  }

  /** What the token in a cookie leaves as, which programs of a page read and send back elsewhere. */
  sealCookie(value: string): string {
    const packed = Buffer.concat([Buffer.of(asCookie), Buffer.from(value, 'latin1')])
    return mark + this.#seal.sealBytes(packed, this.#contextOf('state', 'token'))
  }

  /** Such a token as the cookie that it is; null: it is none, or another caller's. */
  openCookie(value: string): string | null {
    if (!isSealedState(value)) return null
    const packed = this.#seal.openBytes(value.slice(mark.length), this.#contextOf('state', 'token'))
    return packed?.[0] === asCookie ? packed.toString('latin1', 1) : null
  }

  /** The same of all fields of a form, of which all others stay as they are written. */
  openForm(form: Uint8Array): Uint8Array {
    const bytes = Buffer.from(form.buffer, form.byteOffset, form.length)
    if (!bytes.includes('vgs1') && !bytes.includes('vgt1')) return form
    const pairs = bytes.toString('latin1').split('&')
    return Buffer.from(pairs.map(pair => this.#openPair(pair)).join('&'), 'latin1')
  }

  #openPair(pair: string): string {
    const [name, value] = halvesOf(pair)
    if (value === null) return pair
    const given = formDecoded(value).toString('latin1')
    const opened = this.open(formDecoded(name).toString('latin1'), given)
    return opened === given ? pair : `${name}=${encodeStrictly(opened)}`
  }

  /** No name of a system, consumer or operator holds a NUL, so no two contexts run together. */
  #contextOf(what: 'state' | 'boxes' | 'handed out', name: string): string {
    const { system, consumer, operator } = this.#scope
    const field = ofToken.test(name) || ofSentToken.test(name) ? 'token' : name.replace(ofPortlet, '')
    return [`page ${what}`, system, consumer, operator ?? '', field].join('\0')
  }
}

/** Programs take the percent signs of a cookie for what they stand for, before they send it elsewhere. */
function textOf(packed: Buffer): string {
  const text = packed.toString('latin1', 1)
  if (packed[0] !== asCookie || !text.includes('%')) return text
  try {
    const decoded = decodeURIComponent(text)
    return ascii.test(decoded) ? decoded : text
  } catch {
    return text
  }
}

/** Where a form of a page is sent to, so that it can be compared: old systems do not tell capital letters apart. */
export function formPath(action: string, page: string): string {
  const at = URL.parse(action, `http://page${page}`)
  return at === null ? '' : at.pathname.replace(/;[^/]*/g, '').toLowerCase()
}
