import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { runCommand } from '../support/run-command.ts'

/** The table is made from the shipped file itself, by rules written here anew: nothing of the gateway decides what is expected. */
type Written = {
  readonly audiences: Readonly<
    Record<
      string,
      { readonly like?: string; readonly clear_with?: Readonly<Record<string, string[]>> } & Readonly<
        Record<string, string>
      >
    >
  >
  readonly always: Readonly<Record<string, string>>
}

const shipped = join(import.meta.dirname, '../../policies/audiences.yaml')
const written = parse(await readFile(shipped, 'utf8')) as Written
const order = ['clear', 'partial', 'generalize', 'token', 'digest', 'redact', 'remove']
const cells = ['A', 'B', 'C', 'D'].flatMap(letter => [4, 3, 2, 1].map(level => `${letter}${level}`))
const demanded = Object.values(written.audiences).flatMap(({ clear_with: all = {} }) => Object.values(all).flat())
/** What any of them asks for, and something that none does. */
const presentables = [...new Set([...demanded, 'strong_identity'])]

/** Every combination of what can be presented. */
const presented = Array.from({ length: 2 ** presentables.length }, (_, bits) =>
  presentables.filter((_, at) => (bits >> at) % 2 === 1),
)

function expected(name: string, cell: string, given: readonly string[]): string {
  const lineage = [written.audiences[name]!]
  while (lineage.at(-1)!.like !== undefined) lineage.push(written.audiences[lineage.at(-1)!.like!]!)
  const level = cell[1]!
  const form = lineage.map(one => one[level]).find(one => one !== undefined)!
  const demanded = lineage.map(one => one.clear_with?.[level]).find(one => one !== undefined)
  const shown = demanded?.every(one => given.includes(one)) === true ? 'clear' : form
  const least = written.always[cell] ?? 'clear'
  return order[Math.max(order.indexOf(shown), order.indexOf(least))]!
}

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-matrix-'))
  await mkdir(join(folder, 'systems'))
  await cp(shipped, join(folder, 'audiences.yaml'))
  const forms =
    '{ partial: { keep_ends: { head: 1 } }, generalize: { fixed: { text: some } }, token: { token: {} }, digest: { hmac: {} } }'
  const types = cells.map(
    cell =>
      `  t_${cell.toLowerCase()}: { title: { zh: 类, en: type }, cell: ${cell}, names: [${cell}], forms: ${forms} }\n`,
  )
  await writeFile(join(folder, 'catalogue.yaml'), `data_types:\n${types.join('')}`)
  await writeFile(join(folder, 'systems/m.yaml'), 'system: m\nroutes:\n  - path: /m\n')
})
after(() => rm(folder, { recursive: true }))

const body = JSON.stringify(Object.fromEntries(cells.map(cell => [cell, `value of ${cell}`])))
const asking = (command: string, audience: string, given: readonly string[]) =>
  runCommand(
    [
      command,
      '--system',
      'm',
      '--path',
      '/m',
      '--audience',
      audience,
      '--policies',
      folder,
      ...(given.length > 0 ? ['--with', given.join()] : []),
      ...(command === 'mask' ? ['--type', 'application/json'] : []),
    ],
    { stdin: body },
  )

for (const audience of Object.keys(written.audiences)) {
  test(`explain and mask show ${audience} of each cell what audiences.yaml says, whatever is presented`, async () => {
    let rows = 0
    for (const given of presented) {
      const { stdout } = await asking('explain', audience, given)
      const told = new Map(
        [...stdout.matchAll(/^ {2}([A-D][1-4]) +t_[a-d][1-4]@\1 +(\w+)/gm)].map(([, cell, form]) => [cell, form]),
      )
      const masked = JSON.parse((await asking('mask', audience, given)).stdout) as Record<string, string>
      for (const cell of cells) {
        const form = expected(audience, cell, given)
        assert.equal(told.get(cell), form, `${audience} ${cell} ${given}`)
        assert.equal(masked[cell] === `value of ${cell}`, form === 'clear', `${audience} ${cell} ${given}`)
        assert.equal(cell in masked, form !== 'remove')
        rows++
      }
    }
    assert.equal(rows, presented.length * cells.length)
  })
}
