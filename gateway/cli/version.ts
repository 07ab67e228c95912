import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** Which Veilgate this is, and the runtime it runs on: `veilgate 0.1.0, Node v26.10.0`. */
export function versionLine(): string {
  // beside the sources and beside what is built of them it is not at the same distance
  const { name, version } = JSON.parse(readFileSync(findPackageJSON(import.meta.url)!, 'utf8'))
  return `${name} ${version}, Node ${process.version}\n`
}
