/** What a package is made of, built into a folder of its own: peaks of memory are measured without what strips types. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const compiled = ['plugins/formats/json/wasm', 'gateway/records/blind-index/wasm']
const asTheyAre = ['plugins/formats/json/wasm/json.wasm', 'gateway/records/blind-index/wasm/cmac.wasm', 'package.json']

/** Builds the gateway and this bench as `npm run build` builds the gateway; `remove` when it is over. */
export function build(): { readonly child: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-bench-'))
  const config = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: {
      outDir: folder,
      rootDir: root,
      declaration: false,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: ['gateway', 'plugins', 'bench/mask'].map(name => join(root, name)),
    exclude: compiled.map(name => join(root, name)),
  }
  const project = join(folder, 'tsconfig.json')
  writeFileSync(project, JSON.stringify(config))
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['--project', project], { stdio: 'inherit' })
  for (const name of asTheyAre) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    copyFileSync(join(root, name), join(folder, name))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return {
    child: join(folder, 'bench/mask/child.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
