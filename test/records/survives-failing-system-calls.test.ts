import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disturbDraft, pointsOfADraft } from './draft-faults.ts'
import { disturb, noStrace, pointsOfARun } from './faults.ts'

test('wherever a system call fails, or the process dies, what was acknowledged is there and proved', {
  skip: noStrace,
}, async () => {
  const points = pointsOfARun()
  assert.ok(points.length >= 300, `${points.length} points`)
  // All of them are npm run campaign:faults; here every so many.
  for (let nth = 7; nth < points.length; nth += Math.ceil(points.length / 5)) await disturb(points[nth]!)
})

test('wherever the process that compresses full files fails, or dies, the log is whole and the next start seals it', {
  skip: noStrace,
}, async () => {
  const points = await pointsOfADraft()
  assert.ok(points.length >= 30, `${points.length} points`)
  // as above, those before the end, where it is at the file
  for (let nth = points.length - 2; nth > 0; nth -= Math.ceil(points.length / 5)) await disturbDraft(points[nth]!)
})
