import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One import as it stands in a source file. */
export type Import = {
  /** Path from the root of the project, `/` between folders. */
  readonly file: string
  /** A path from the root for relative imports; else the specifier as written. */
  readonly target: string
  readonly typeOnly: boolean
}

export type Source = { readonly file: string; readonly text: string }

const root = join(import.meta.dirname, '../..')

/** All TypeScript sources under the given folders of the project. */
export async function sourcesIn(...folders: string[]): Promise<Source[]> {
  const found: Source[] = []
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
      const file = join(entry.parentPath, entry.name)
      found.push({ file: file.slice(root.length + 1).replaceAll('\\', '/'), text: await readFile(file, 'utf8') })
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/**
 * Static imports, re-exports and `import()` of one source. `verbatimModuleSyntax` and the formatter keep these in few
 * shapes, so that expressions over the text are enough; an `import()` of something else than a literal has the target
 * `(computed)`.
 */
export function importsOf(source: Source): Import[] {
  const text = withoutComments(source.text)
  const found: Import[] = []
  const add = (specifier: string, typeOnly: boolean) =>
    found.push({ file: source.file, target: targetOf(source.file, specifier), typeOnly })
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[\w*{][^'"=;()]*?from\s+)?['"]([^'"]+)['"]/gm)) {
    add(match[2]!, match[1] !== undefined || onlyTypes(match[0]))
  }
  for (const match of text.matchAll(/\bimport\(\s*(?:['"]([^'"]+)['"]\s*\)|)/g)) {
    add(match[1] ?? '(computed)', false)
  }
  for (const match of text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]/g)) add(match[1]!, false)
  return found
}

/** Text with comments blanked, so that an example in a comment is no import. Strings that hold `//` keep it. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** `import { type A, type B } from`: nothing of it is left at run time but the evaluation of the module. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1]
  if (names === undefined || /^\w+\s+\w+\s*,\s*\{/.test(statement)) return false
  const parts = names.split(',').map(name => name.trim())
  return parts.every(name => name === '' || name.startsWith('type '))
}

/** A path from the root of the project for a relative specifier; any other as it is. */
export function targetOf(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return join(file, '..', specifier).replaceAll('\\', '/')
}
