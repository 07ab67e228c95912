/** A person's name or login as one counts with another: systems that people sign in to take capitals and widths for the same. */
export function personName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
