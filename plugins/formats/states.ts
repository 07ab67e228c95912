/** States that servers hide in pages, to have them back with the form: they repeat what is shown, and more, where nobody looks. */
import type { FieldCursor } from '../../gateway/contracts.ts'

/** Of ASP.NET, JSF (also inside portlets), MyFaces and Trinidad: what stands there is for the server alone. */
const ofFramework =
  /^__(?:VIEWSTATE\d*|VIEWSTATEGENERATOR|EVENTVALIDATION|PREVIOUSPAGE)$|(?:^|:)(?:javax|jakarta)\.faces\.ViewState$|^(?:com\.sun\.faces\.VIEW|jsf_(?:state|tree)(?:_64)?|org\.apache\.myfaces\.trinidad\.faces\.STATE)$/
/** What others call theirs. */
const byName = /^__(?:viewstate|eventvalidation|previouspage)|viewstate$/i
const longestToken = 64

/** How JSF names the part of a page that is its state: `j_id1:javax.faces.ViewState:0`. */
const partOfJsf = /(?:^|[:_])((?:javax|jakarta)\.faces\.ViewState)(?::\d{1,4})?$/

/** The field in which a part of a page that is brought anew comes back as its state; null: it is none. */
export function stateNamed(id: string): string | null {
  return id.length > 256 ? null : (partOfJsf.exec(id)?.[1] ?? null)
}

/** What the value of a field of a page becomes where it is such a state: sealed, or empty where it cannot come back. null: it is none. */
export function stateOf(fields: FieldCursor, name: string, value: string): string | null {
  const isLong = value.length > longestToken
  if (!ofFramework.test(name) && !(isLong && byName.test(name))) return null
  return fields.sealed(name, value) ?? (isLong ? '' : null)
}
