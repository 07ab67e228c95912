/**
 * `node test/campaigns/faults.ts`: every system call of a writing, signing and sealing process, and of the one that compresses
 * for it, fails once, or is its last.
 */
import { disturbDraft, pointsOfADraft } from '../records/draft-faults.ts'
import { disturb, noStrace, pointsOfARun } from '../records/faults.ts'

if (noStrace !== false) {
  console.error(noStrace)
  process.exit(2)
}
const points = [
  ...pointsOfARun().map(point => () => disturb(point)),
  ...(await pointsOfADraft()).map(point => () => disturbDraft(point)),
]
console.log(`${points.length} points`)
const wrong: string[] = []
for (const [nth, disturbed] of points.entries()) {
  try {
    await disturbed()
  } catch (error) {
    wrong.push(String((error as Error).message))
    console.log(wrong.at(-1))
  }
  if (nth % 25 === 24 || nth === points.length - 1) console.log(`${nth + 1} of ${points.length}, ${wrong.length} wrong`)
}
process.exitCode = wrong.length === 0 ? 0 : 1
