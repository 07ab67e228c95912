/** What a mutation chooses rows by is a question, as that of a query: how many were changed tells whether somebody is there. */

/** As Hasura, PostGraphile, Prisma, Django, NestJS and Mongoose call it. */
const choosing =
  /^_*(?:where|filters?|filter_?by|conditions?|criteria|predicate|selector|search|having|order_?by|sort|pk_?columns|connect|disconnect)$/i

/** Whether an argument of a mutation, or a member of one, of this name says which rows are meant. */
export function choosesRows(name: string): boolean {
  return choosing.test(name)
}
