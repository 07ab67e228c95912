import { announcing, behind } from './name-cues.ts'
import { followers, leaders, roles } from './name-tables.ts'
import { commonSurnames, doubleSurnames, rareSurnames, strongGiven, transcribed, weakGiven } from './names.ts'

const heads = doubleSurnames.map(surname => surname[0]!).join('')
const common = `[${commonSurnames}]`
/** The first character of a double surname counts as one by itself too. */
const surname = `[${commonSurnames}${rareSurnames}${heads}]`
const double = `[${heads}][\\u4e00-\\u9fff]`
const given = `[${strongGiven}${weakGiven}]`
const strong = `[${strongGiven}]`
const signs = '[:：=,，、 \\t（(“"「『是为叫系]'

/** The nth characters of some words from one end, as a class; two of these are nearly as rare as the words. */
const classOf = (words: readonly string[], at: number) =>
  `[${words.map(word => word.at(at)!.replace('(', '\\(')).join('')}]`
const cue = classOf(announcing, -2) + classOf(announcing, -1)
const title = classOf(behind, 0) + classOf(behind, 1)
const free = `(?:^|[^\\u4e00-\\u9fff]|[${leaders}])`
const rest = `(?:$|[^\\u4e00-\\u9fff]|[${followers}])`

/** What stands in every text in which there is a name (`Triggers.shape`): see cn-name.ts for why. */
export const nameShape = new RegExp(
  [
    // Words that announce a name, and a surname with what may be given; behind a sign any character may.
    `${cue}${signs}*(?:${surname}${given}|${double})`,
    `${cue}${signs}${signs}*${surname}[\\u4e00-\\u9fff]`,
    // Somebody of whom it is said what they are or do.
    `[${roles}](?:${surname}|${double})${given}`,
    // A name and a title.
    `(?:${surname}|${double})${given}{1,2}${title}`,
    // Where nothing says so, only what is hardly ever anything but a name.
    `${free}(?:${double}${given}|${surname}${strong}${strong})`,
    `(?:${common}|${double})${strong}${strong}`,
    `${free}${common}(?:${strong}|${strong}${given}|${given}${strong})${rest}`,
    `[${transcribed}]・{1,2}[${transcribed}]`,
  ].join('|'),
)
