/** What kind of fault Node and libraries say an error is: ENOENT, ERR_INVALID_URL. */

/** Constants in programs are written so, and hardly a value that was being read. */
export const errorCode = /^[A-Z][A-Z0-9_]{0,63}$/

/** The code of anything thrown; undefined where it has none that may be shown. */
export function codeIn(thrown: unknown): string | undefined {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === 'string' && errorCode.test(code) ? code : undefined
}
