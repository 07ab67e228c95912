/**
 * What servers hide in pages, to have it back with the form: states, which repeat what is shown, and more, where nobody looks; and tokens
 * by which they know that a request came from their own page.
 */
import type { FieldCursor, Place } from '../../gateway/contracts.ts'

/** Of ASP.NET, JSF (also inside portlets), MyFaces and Trinidad: what stands there is for the server alone. */
const ofFramework =
  /^__(?:VIEWSTATE\d*|VIEWSTATEGENERATOR|EVENTVALIDATION|PREVIOUSPAGE)$|(?:^|:)(?:javax|jakarta)\.faces\.ViewState$|^(?:com\.sun\.faces\.VIEW|jsf_(?:state|tree)(?:_64)?|org\.apache\.myfaces\.trinidad\.faces\.STATE)$/
/** What others call theirs. */
const byName = /^__(?:viewstate|eventvalidation|previouspage)|viewstate$/i
/** What is no longer may be a word for something else. */
const longestWord = 64

/** How JSF names the part of a page that is its state: `j_id1:javax.faces.ViewState:0`. */
const partOfJsf = /(?:^|[:_])((?:javax|jakarta)\.faces\.ViewState)(?::\d{1,4})?$/

/** The field in which a part of a page that is brought anew comes back as its state; null: it is none. */
export function stateNamed(id: string): string | null {
  return id.length > 256 ? null : (partOfJsf.exec(id)?.[1] ?? null)
}

/** What the value of a field of a page becomes where it is such a state: sealed, or empty where it cannot come back. null: it is none. */
export function stateOf(fields: FieldCursor, name: string, value: string): string | null {
  const isLong = value.length > longestWord
  if (!ofFramework.test(name) && !(isLong && byName.test(name))) return null
  return fields.sealed(name, value) ?? (isLong ? '' : null)
}

/** What the token of a page in a field of this name becomes, where it may not be shown: sealed, so that its forms still work. null: it is none, or cannot come back. */
export function tokenOf(fields: FieldCursor, place: Place, name: string, value: string): string | null {
  if (value === '') return null
  const treatment = fields.treatment(place)
  return treatment === 'mask' || treatment === 'remove' ? fields.sealedToken(name, value) : null
}
