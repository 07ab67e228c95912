/**
 * Strings of a record's `index` of one person each, `partial=fLhoPkMp`, as a record has them: who was shown like the one before stands
 * in one string with them. A line holds 768 people.
 */
export function inRuns(people: readonly string[]): string[] {
  const runs: string[] = []
  for (const [nth, person] of people.entries()) {
    const [forms, indexes] = person.split('=')
    const before = runs.at(-1)
    if (nth % 768 > 0 && before?.startsWith(`${forms}=`)) runs[runs.length - 1] = `${before},${indexes}`
    else runs.push(person)
  }
  return runs
}
