import { acts, announcing, beforePeople, behind } from './name-cues.ts'
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

/** Surnames that are words besides: none of them begins a name where nothing says that one comes. */
const wordy =
  '黄周高林何马叶余于方万常钟石金江白文范龙段武雷易夏顾毛孔康陆史秦汪汤田任安时关边向解包车管连单全成曲路卫查费应和平杭都商计喻计古米池满明花桂温季申向左甘景宁古从云燕党东华强柴沙尚占敬麻滑戈禹戎荣桑浦况楼束贡诸闻厉漆巫蔚狄茅缪檀'
/** Of whom a word tells what they are or do, by its last character: 持卡人, 网格员, 目击者. */
export const roles = '人员者方长师生'

export const followers =
  '你他她我们这那吗吧呢啊处回找发诉请迟缺旷获任到还的电手身学工住来已于在与和说称表反申请提因从向对到被将给是系也又未没不同签收报今昨明要想办转让把去参主出入进发打欠借患生等及联负本上现曾均都还就家自目前根据其为刚正每早晚'
export const leaders =
  '由和与及跟同给向对让请找叫替为被把是到经因代致约派邀陪送中有称原现其帮下谁天日问见席女妻夫母父谢'

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

/** What may stand between a cue and the name it announces. */
const between = ':：=,，、 \u3000\t（(“"「『是为叫系'
/** What is behind a word, and nobody's name: 黄了. */
const particles = '了的着过吗呢吧'

/** Cues before a name by their last character, cues behind one by their first; longest first. */
export const cuesBefore = grouped(announcing, word => word.at(-1)!)
export const cuesBehind = grouped(behind, word => word[0]!)
export const peopleBehind = grouped(beforePeople, word => word.at(-1)!)
export const actsBehind = grouped(acts, word => word[0]!)

/** What a character may be around a name; by code unit. Most are nothing, so that no word needs to be looked up. */
export const edge = {
  /** The last of a cue before a name. */
  cue: 1,
  /** The first of a cue behind one. */
  title: 2,
  /** The first of what only people do or have. */
  act: 4,
  between: 8,
  particle: 16,
  /** A surname that is a word besides. */
  wordy: 32,
  /** The last of a word that tells who somebody is. */
  role: 64,
  /** The last of a word behind which somebody often follows. */
  people: 128,
} as const
export const edges = new Uint8Array(65_536)
const markEdge = (characters: Iterable<string>, bit: number) => {
  for (const character of characters) edges[character.charCodeAt(0)]! |= bit
}
markEdge(cuesBefore.keys(), edge.cue)
markEdge(cuesBehind.keys(), edge.title)
markEdge(actsBehind.keys(), edge.act)
markEdge(between, edge.between)
markEdge(particles, edge.particle)
markEdge(wordy, edge.wordy)
markEdge(roles, edge.role)
markEdge(peopleBehind.keys(), edge.people)

function grouped(words: readonly string[], by: (word: string) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const word of words) groups.set(by(word), [...(groups.get(by(word)) ?? []), word])
  return groups
}
