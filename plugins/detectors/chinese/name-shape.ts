import { acts, announcing, beforePeople, behind } from './name-cues.ts'
import { followers, leaders, roles } from './name-tables.ts'
import { commonSurnames, doubleSurnames, rareSurnames, strongGiven, transcribed, weakGiven } from './names.ts'

/** The nth characters of some words from one end, as a class. */
const classOf = (words: readonly string[], at: number) =>
  `[${[...new Set(words.map(word => word.at(at)!.replace('(', '\\(')))].join('')}]`
/** The first character of a double surname counts as one by itself too. */
const surname = `[${commonSurnames}${rareSurnames}${doubleSurnames.map(one => one[0]!).join('')}]`
const double = classOf(doubleSurnames, 0) + classOf(doubleSurnames, 1)
const given = `[${strongGiven}${weakGiven}]`
const strong = `[${strongGiven}]`
const signs = '[:：=,，、 \\t（(“"「『是为叫系]'
/** The last of what announces a name, and of what tells who somebody is. */
const cue = classOf([...announcing, ...roles], -1)
/** Where a phrase begins, or behind what leads to people. */
const free = `(?:^|[^\\u4e00-\\u9fff]|[${leaders}]|${classOf(beforePeople, -1)})`
/** A title, or what only people do; of two such classes both are nearly as rare as the words. */
const after = classOf([...acts, ...behind], 0) + classOf([...acts, ...behind], 1)
const rest = `(?:$|[^\\u4e00-\\u9fff]|[${followers}])`

/**
 * What stands in every text in which there is a name (`Triggers.shape`): see cn-name.ts for why. Coarser than what is found, so
 * that its automaton stays small.
 */
export const nameShape = new RegExp(
  [
    // Behind a sign any character may be given.
    `${cue}${signs}*${surname}${given}`,
    `${cue}${signs}${signs}*${surname}[\\u4e00-\\u9fff]`,
    // Behind a label and a colon any characters may be a name; of more classes than this one the automaton would be too large.
    `${cue}${signs}*[:：=]${signs}*[\\u3100-\\ufaff]`,
    `${surname}${given}{1,2}${after}`,
    `${free}${surname}${given}{1,2}${rest}`,
    // Only common surnames count so; to tell them from others here would take more classes than an automaton has.
    `${surname}${strong}${strong}`,
    double,
    `[\\u4e00-\\u9fff][ \\t\u3000][ \\t\u3000]*[男女][ \\t\u3000]`,
    `[${transcribed}]・`,
  ].join('|'),
)
