import { readFile } from 'node:fs/promises'
import { type Import, importsOf, type Source, withoutComments } from './imports.ts'

/** What each room of the core may import of the other rooms: all of it, or its types only. */
export const layers: ReadonlyMap<string, { readonly all: readonly string[]; readonly types: readonly string[] }> =
  new Map([
    ['policy', { all: [], types: [] }],
    ['config', { all: ['policy'], types: [] }],
    ['masking', { all: [], types: ['policy'] }],
    ['access', { all: [], types: ['policy'] }],
    ['records', { all: [], types: ['policy'] }],
    ['exchange', { all: ['access', 'records', 'masking', 'policy'], types: [] }],
    ['console', { all: ['access', 'records', 'masking', 'policy'], types: [] }],
    ['demo', { all: [], types: [] }],
  ])

/**
 * The words all rooms share, which every room may import: what stands in gateway/ itself and in contracts/, settings as plain data, one
 * spelling for names, and what they say at their end. They import nothing but each other.
 */
function isVocabulary(file: string): boolean {
  const named = ['config/config.ts', 'policy/names.ts', 'policy/names-at-end.ts', 'policy/latin-ends.ts']
  return /^gateway\/(?:contracts\/)?[\w-]+\.ts$/.test(file) || named.includes(file.slice('gateway/'.length))
}

/** Files into which time, chance, files and network come as arguments only. */
const pure = [
  (file: string) => file.startsWith('gateway/masking/'),
  (file: string) => file.startsWith('gateway/policy/') && !/\/(?:load|watch)\.ts$/.test(file),
  (file: string) => /^gateway\/records\/(?:verify\/(?:verify|tree|life|report)\.ts$|proof\/)/.test(file),
]

const impureModules =
  /^(?:gateway\/log\.ts$|node:(?:fs|net|https?|http2|tls|dns|dgram|child_process|cluster|os|process|worker_threads|sqlite|timers)(?:\/|$))/
const impureWords =
  /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.now|randomBytes|randomUUID|getRandomValues|process\.(?!memoryUsage)|setTimeout|setInterval|fetch\()/

const dependencies: ReadonlySet<string> = new Set(
  Object.keys(JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')).dependencies),
)

/** Every breach of the layers in these sources, as `file imports target`. */
export function breaches(sources: readonly Source[]): string[] {
  return sources.flatMap(source => {
    const imports = importsOf(source)
    const libraries = new Set(
      imports
        .map(one => one.target)
        .filter(isLibrary)
        .map(libraryOf),
    )
    const found = imports.filter(one => breaksLayers(one)).map(one => `${one.file} imports ${one.target}`)
    if (roomOf(source.file) === 'plugins' && libraries.size > 1) {
      found.push(`${source.file} imports more than one library: ${[...libraries].join(', ')}`)
    }
    return found
  })
}

/** Every use of time, chance, files and network in what should be pure, as `file uses what`. */
export function impurities(sources: readonly Source[]): string[] {
  return sources
    .filter(source => pure.some(holds => holds(source.file)))
    .flatMap(source => {
      const modules = importsOf(source).filter(one => !one.typeOnly && impureModules.test(one.target))
      const word = impureWords.exec(withoutComments(source.text))
      return [...modules.map(one => one.target), ...(word === null ? [] : [word[0]])].map(
        what => `${source.file} uses ${what}`,
      )
    })
}

function breaksLayers(one: Import): boolean {
  const room = roomOf(one.file)
  if (one.target === '(computed)') return true
  if (isLibrary(one.target)) return breaksLibraries(one, room)
  if (one.target.startsWith('node:')) return false
  if (room === 'plugins') return !one.target.startsWith('plugins/') && one.target !== 'gateway/contracts.ts'
  if (room === 'cli') return false
  if (one.target.startsWith('plugins/')) return true
  if (isVocabulary(one.target)) return false
  if (isVocabulary(one.file)) return true
  const target = roomOf(one.target)
  if (target === room) return false
  const rule = layers.get(room)
  return rule === undefined || !(rule.all.includes(target) || (one.typeOnly && rule.types.includes(target)))
}

/** Only what the package declares; Fastify only in exchange and console. */
function breaksLibraries(one: Import, room: string): boolean {
  const library = libraryOf(one.target)
  if (!dependencies.has(library)) return true
  return /^(?:fastify$|@fastify\/)/.test(library) && room !== 'exchange' && room !== 'console'
}

function isLibrary(target: string): boolean {
  return !/^(?:node:|gateway\/|plugins\/|policies\/|package\.json$|\(computed\)$)/.test(target)
}

/** `@scope/name/part` is of `@scope/name`, `name/part` of `name`. */
function libraryOf(target: string): string {
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/')
}

/** `gateway/access/keys.ts` is in `access`; `gateway/errors.ts` in the room of its own name; all of plugins in one. */
function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  return top === 'gateway' ? second : top
}
