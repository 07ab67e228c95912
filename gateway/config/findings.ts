import { resolve } from 'node:path'
import type { Bilingual } from '../contracts.ts'
import type { Fault, FaultCode } from '../policy/fault.ts'
import type { FaultOptions, ValuePath, YamlDocument } from '../policy/yaml.ts'

/** One gateway.yaml being read: its text, where its paths lead, and what was found wrong so far. */
export type Findings = {
  readonly document: YamlDocument
  readonly faults: readonly Fault[]
  /** Absolute paths of files that were read for it, in order. */
  readonly files: string[]
  /** Certificates and keys among them that are taken up again when they change. */
  readonly renewable: string[]
  /** Notes a fault at the key or value at `path`. */
  wrong(path: ValuePath, code: `CONFIG_${string}`, message: Bilingual, options?: FaultOptions): void
  /** Those of severity error, but for what `leaveOut` says of their path and code. */
  errorsBut(leaveOut: (path: ValuePath, code: string) => boolean): Fault[]
  /** An absolute path: paths in the file are relative to it. */
  absolute(path: string): string
}

/** `directory`: where the file is. */
export function findingsOf(document: YamlDocument, directory: string): Findings {
  const faults: Fault[] = []
  const paths = new Map<Fault, ValuePath>()
  return {
    document,
    faults,
    files: [],
    renewable: [],
    wrong(path, code, message, options = {}) {
      const fault = document.fault(path, code as FaultCode, message, options)
      faults.push(fault)
      paths.set(fault, path)
    },
    errorsBut: leaveOut => faults.filter(one => one.severity === 'error' && !leaveOut(paths.get(one)!, one.code)),
    absolute: path => resolve(directory, path),
  }
}
