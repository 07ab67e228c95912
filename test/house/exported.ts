import { type Source, targetOf, withoutComments } from './imports.ts'

/**
 * Values that are exported though no other file imports them, as `file: name`. Types are left out, as those of a
 * function's parameters are exported with it; so is what WebAssembly exports, which is called by its host.
 */
export function exportedForNobody(sources: readonly Source[]): string[] {
  const taken = new Set(sources.flatMap(takenBy))
  const found: string[] = []
  for (const { file, text } of sources) {
    if (file.includes('/wasm/') || taken.has(`${file}: *`)) continue
    for (const [, name] of text.matchAll(/^export (?:async )?(?:function\*? ?|const (?!enum)|class |let )(\w+)/gm)) {
      if (!taken.has(`${file}: ${name}`)) found.push(`${file}: ${name}`)
    }
  }
  return found
}

/** What one source imports, as `file: name`; `*` for all of a file, which is taken as a namespace or by `import()`. */
function takenBy({ file, text }: Source): string[] {
  const code = withoutComments(text)
  const found: string[] = []
  for (const [, what, specifier] of code.matchAll(/^(?:import|export) ([\w*{][^'"=;()]*?) from '(\.[^']+)'/gm)) {
    const names = /\{([^}]*)\}/.exec(what!)?.[1]?.split(',') ?? ['*']
    for (const name of names) found.push(`${targetOf(file, specifier!)}: ${nameOf(name)}`)
  }
  for (const [, specifier] of code.matchAll(/\bimport\(\s*'(\.[^']+)'/g)) found.push(`${targetOf(file, specifier!)}: *`)
  return found
}

function nameOf(imported: string): string {
  return imported
    .trim()
    .replace(/^type /, '')
    .replace(/ as \w+$/, '')
}
