import { before, behind } from './name-cues.ts'
import { commonSurnames, doubleSurnames, rareSurnames, strongGiven, transcribed, weakGiven } from './names.ts'

/** What a character may be in a name; by code unit. */
export const kind = {
  common: 1,
  rare: 2,
  strong: 4,
  weak: 8,
  transcribed: 16,
  /** The first of a surname of two characters. */
  double: 32,
  /** What may stand behind a name in a sentence. */
  follower: 64,
  /** What may stand before one. */
  leader: 128,
} as const

const followers =
  '的电手身学工住来已于在与和说称表反申请提因从向对到被将给是系也又未没不同签收报今昨明要想办转让把去参主出入进发打欠借患生等及联负本上现曾均都还就家自目前根据其为刚正每早晚'
const leaders = '由和与及跟同给向对让请找叫替为被把是到经因代致由约派邀陪送'

/** One table for the whole of the basic plane. */
export const kinds = new Uint8Array(65_536)
const mark = (characters: string, bit: number) => {
  for (const character of characters) kinds[character.charCodeAt(0)]! |= bit
}
mark(commonSurnames, kind.common)
mark(rareSurnames, kind.rare)
mark(strongGiven, kind.strong)
mark(weakGiven, kind.weak)
mark(transcribed, kind.transcribed)
for (const surname of doubleSurnames) mark(surname[0]!, kind.double)
mark(followers, kind.follower)
mark(leaders, kind.leader)

export const doubles: ReadonlySet<string> = new Set(doubleSurnames)

/** Cues before a name by their last character, cues behind one by their first; longest first. */
export const cuesBefore = grouped(before, word => word.at(-1)!)
export const cuesBehind = grouped(behind, word => word[0]!)

function grouped(words: readonly string[], by: (word: string) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const word of words) groups.set(by(word), [...(groups.get(by(word)) ?? []), word])
  return groups
}
