import { resolve } from 'node:path'
import type { Bilingual } from '../contracts.ts'
import type { Fault, FaultCode } from '../policy/fault.ts'
import type { FaultOptions, ValuePath, YamlDocument } from '../policy/yaml.ts'

/** One gateway.yaml being read: its text, where its paths lead, and what was found wrong so far. */
export type Findings = {
  readonly document: YamlDocument
  readonly faults: readonly Fault[]
  /** Notes a fault at the key or value at `path`. */
  wrong(path: ValuePath, code: `CONFIG_${string}`, message: Bilingual, options?: FaultOptions): void
  /** An absolute path: paths in the file are relative to it. */
  absolute(path: string): string
}

/** `directory`: where the file is. */
export function findingsOf(document: YamlDocument, directory: string): Findings {
  const faults: Fault[] = []
  return {
    document,
    faults,
    wrong(path, code, message, options = {}) {
      faults.push(document.fault(path, code as FaultCode, message, options))
    },
    absolute: path => resolve(directory, path),
  }
}
