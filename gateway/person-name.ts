/** A person's name or login as one counts with another: systems that people sign in to take capitals and widths for the same. */
export function personName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

/** Somebody by the name they sign with, and by the logins they have elsewhere. */
export type Named = { readonly name: string; readonly logins?: readonly string[] }

/** Whether a login is this person's, in whatever capitals. */
export function isPerson({ name, logins = [] }: Named, login: string): boolean {
  return [name, ...logins].some(one => personName(one) === personName(login))
}
