import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disturb, noStrace, pointsOfARun } from './faults.ts'

test('Wherever a system call fails, or the process dies, what was acknowledged is there and proved', {
  skip: noStrace,
}, async () => {
  const points = pointsOfARun()
  assert.ok(points.length >= 300, `${points.length} points`)
  // All of them are npm run campaign:faults; here every so many.
  for (let nth = 7; nth < points.length; nth += Math.ceil(points.length / 5)) await disturb(points[nth]!)
})
