/** Sets of characters that text is permuted in: each character stays in its own set, so that the text keeps its look. */
import { type Permutation, smallestDomain } from './permutation.ts'

type Alphabet = { readonly size: number; indexOf(character: string): number; at(index: number): string }

const digits = run('0', 10)
const small = run('a', 26)
const capital = run('A', 26)
/** GB 2312, both levels: the characters nearly all names are written in, and no rarer ones. */
const han = atFirstUse(6763, () => listed(gb2312()))

export const alphabets = {
  digits: [digits],
  letters: [small, capital],
  alphanumeric: [digits, small, capital],
  han: [han],
} as const

export type AlphabetName = keyof typeof alphabets

/** What parts words and groups stays where it is. */
const separator = /^[\p{P}\p{Z}]$/u

type Spelt = { readonly characters: string[]; readonly used: { at: number; alphabet: Alphabet; index: number }[] }

/**
 * The text with each character of the alphabets replaced by another of the same alphabet; null where a character is of
 * none, or fewer than a million texts look like this one. `length`: how many such characters there must be.
 */
export function permuteText(
  text: string,
  name: AlphabetName,
  length: number | null,
  permute: Permutation,
): string | null {
  const spelt = spell(text, alphabets[name])
  if (spelt === null || (length !== null && spelt.used.length !== length)) return null
  const { characters, used } = spelt
  const size = used.reduce((product, { alphabet }) => product * BigInt(alphabet.size), 1n)
  if (size < smallestDomain) return null
  for (const [nth, index] of permuted(used, size, permute).entries()) {
    const { at, alphabet } = used[nth]!
    characters[at] = alphabet.at(index)
  }
  return characters.join('')
}

/** Fewest values that texts of this many characters of the alphabets have. */
export function leastValues(name: AlphabetName, length: number): bigint {
  return BigInt(Math.min(...alphabets[name].map(({ size }) => size))) ** BigInt(length)
}

/** Characters of one radix are FF1's own numerals; mixed ones are counted as one number. */
function permuted(used: Spelt['used'], size: bigint, permute: Permutation): number[] {
  const radix = used[0]!.alphabet.size
  const indices = used.map(({ index }) => index)
  if (used.every(({ alphabet }) => alphabet.size === radix)) return permute.numerals(radix, indices)
  let number = 0n
  for (const { alphabet, index } of used) number = number * BigInt(alphabet.size) + BigInt(index)
  let rest = permute.integer(size, number)
  for (let nth = used.length - 1; nth >= 0; nth--) {
    const base = BigInt(used[nth]!.alphabet.size)
    indices[nth] = Number(rest % base)
    rest /= base
  }
  return indices
}

function spell(text: string, of: readonly Alphabet[]): Spelt | null {
  const characters = [...text]
  const used: Spelt['used'] = []
  for (const [at, character] of characters.entries()) {
    const alphabet = of.find(one => one.indexOf(character) >= 0)
    if (alphabet !== undefined) used.push({ at, alphabet, index: alphabet.indexOf(character) })
    else if (!separator.test(character)) return null
  }
  return { characters, used }
}

function run(first: string, size: number): Alphabet {
  const start = first.charCodeAt(0)
  return {
    size,
    indexOf(character) {
      const index = character.charCodeAt(0) - start
      return character.length === 1 && index >= 0 && index < size ? index : -1
    },
    at: index => String.fromCharCode(start + index),
  }
}

function listed(characters: readonly string[]): Alphabet {
  const indices = new Map(characters.map((character, index) => [character, index]))
  return {
    size: characters.length,
    indexOf: character => indices.get(character) ?? -1,
    at: index => characters[index]!,
  }
}

/** Most gateways permute no Chinese text, and what decodes GB 2312 takes 4 MB. */
function atFirstUse(size: number, make: () => Alphabet): Alphabet {
  let made: Alphabet | null = null
  const use = () => (made ??= make())
  return { size, indexOf: character => use().indexOf(character), at: index => use().at(index) }
}

/** Rows 16 to 55 (ordered by sound) and 56 to 87 (by radical); the last five cells of row 55 are empty. */
function gb2312(): string[] {
  const decoder = new TextDecoder('gbk')
  const characters: string[] = []
  for (let row = 16; row <= 87; row++) {
    for (let cell = 1; cell <= (row === 55 ? 89 : 94); cell++) {
      characters.push(decoder.decode(Uint8Array.of(0xa0 + row, 0xa0 + cell)))
    }
  }
  return characters
}
