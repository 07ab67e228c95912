import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { presentables as everyWord } from '../../gateway/policy/schema-parts.ts'
import { removeFolder } from '../support/remove-folder.ts'
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
/** What the shipped audiences ask for, and one that asks for everything that can be asked for. */
const text = `${(await readFile(shipped, 'utf8')).replace(
  /^audiences:\n/m,
  `audiences:
  vault:
    like: staff
    clear_with:
      4: [signed_operator, purpose, verified_basis, grant, terminal]
      3: [operator, purpose, basis, terminal]
      2: [strong_identity]
`,
)}`
const written = parse(text) as Written
const order = ['clear', 'partial', 'generalize', 'token', 'digest', 'redact', 'remove']
const cells = ['A', 'B', 'C', 'D'].flatMap(letter => [4, 3, 2, 1].map(level => `${letter}${level}`))
const demanded = Object.values(written.audiences).flatMap(({ clear_with: all = {} }) => Object.values(all).flat())
const presentables = [...new Set(demanded)]

/** Every combination of what the audience asks for, and of something else. */
function presentedTo(name: string): string[][] {
  const own = [
    ...new Set([...lineageOf(name).flatMap(one => Object.values(one.clear_with ?? {}).flat()), 'strong_identity']),
  ]
  return Array.from({ length: 2 ** own.length }, (_, bits) => own.filter((_, at) => (bits >> at) % 2 === 1))
}

function lineageOf(name: string): Written['audiences'][string][] {
  const lineage = [written.audiences[name]!]
  while (lineage.at(-1)!.like !== undefined) lineage.push(written.audiences[lineage.at(-1)!.like!]!)
  return lineage
}

function expected(name: string, cell: string, given: readonly string[]): string {
  const lineage = lineageOf(name)
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
  await writeFile(join(folder, 'audiences.yaml'), text)
  const forms =
    '{ partial: { keep_ends: { head: 1 } }, generalize: { fixed: { text: some } }, token: { token: {} }, digest: { hmac: {} } }'
  const types = cells.map(
    cell =>
      `  t_${cell.toLowerCase()}: { title: { zh: 类, en: type }, cell: ${cell}, names: [${cell}], forms: ${forms} }\n`,
  )
  await writeFile(join(folder, 'catalogue.yaml'), `data_types:\n${types.join('')}`)
  await writeFile(join(folder, 'systems/m.yaml'), 'system: m\nroutes:\n  - path: /m\n')
})
after(() => removeFolder(folder))

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
    const presented = presentedTo(audience)
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

test('operator, purpose, basis, grant and terminal are among what is asked for, and every other word that counts', () => {
  assert.deepEqual([...presentables].sort(), [...everyWord].sort())
})
