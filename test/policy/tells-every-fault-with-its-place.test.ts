/**
 * One case a file in `faults/`: policy files, each after a line `=== NAME`, and after `=== faults` what is told of them.
 * With UPDATE=1 the last part is written anew; read the difference before you commit it.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { renderFaults, sortFaults } from '../../gateway/policy/fault.ts'
import { compileTexts } from '../support/policy-case.ts'

const folder = join(import.meta.dirname, 'faults')

for (const name of readdirSync(folder).sort()) {
  test(name.replace(/\.case$/, '').replaceAll('-', ' '), () => {
    const text = readFileSync(join(folder, name), 'utf8')
    const parts = text.split(/^=== (.*)\n/m).slice(1)
    const files = new Map<string, string>()
    for (let index = 0; index < parts.length; index += 2) files.set(parts[index]!, parts[index + 1]!)
    const expected = files.get('faults')!
    files.delete('faults')
    const { faults } = compileTexts(files)
    const told = sortFaults(faults)
      .map(({ file, line, column, code, severity }) => {
        const mark = severity === 'warning' ? ' warning' : ''
        return `${file}:${line}:${column} ${code}${mark}\n`
      })
      .join('')
    if (process.env['UPDATE'] === '1')
      writeFileSync(join(folder, name), `${text.slice(0, text.lastIndexOf('=== faults'))}=== faults\n${told}`)
    else assert.equal(told, expected)
    for (const lang of ['zh', 'en'] as const) assert.doesNotMatch(renderFaults(faults, lang), /undefined|\[object/)
  })
}
