/** Runs a bench by name: `npm run bench -- mask`. What each asks is in README.md beside this file. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [name, ...args] = process.argv.slice(2)
const names = readdirSync(import.meta.dirname).filter(folder => existsSync(join(import.meta.dirname, folder, 'run.ts')))
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- ${names.join(' | ')}`)
  process.exit(2)
}
const { run } = (await import(`./${name}/run.ts`)) as { run(args: string[]): Promise<void> }
await run(args)
