/**
 * Names in Latin letters that say at their end what they are: fatherMobile, guar_birthday, t_student.xm, BR-XM, sfzh2. Whose it is
 * stands before it, and the rows of a form are numbered. Pure.
 */

const words = (text: string): readonly string[] => text.split(/\s+/)
/** Initials and syllables of Chinese, which no program uses for a text of its own: behind tables and aliases too. */
const chinese = new Set(
  words(
    `xm xingming sfzh sfzhm sfzhao zjhm csrq csny lxdh sjh sjhm shouji shoujihao jtzz jtdz hjdz yhkh yhzh zhuzhi
  shenfenzheng`.trim(),
  ),
)
/** Behind another word of the same name alone: `user.phone` is as often what a program calls a text of its own. */
const english = new Set(
  words(`idcard idcardno idcardnum idcardnumber idno idnumber identityno identitynumber identitycard certno mobile
  mobileno mobilephone mobilenumber cellphone phone phoneno phonenum phonenumber telephone telno tel birthday birthdate
  birthdt dateofbirth dob realname truename personname psnname patientname studentname stuname empname employeename
  custname customername homeaddress homeaddr familyaddress residentialaddress bankcard bankcardno bankcardnumber
  bankaccount bankaccountno bankacc bankaccno`),
)
/** What asks for them or does something with them, telephones of those who are no persons, and what else `xm` (项目) is of. */
const ofOthers = new Set(
  words(`i is has have need needs must can should check verify verified valid validate show hide allow enable use send
  bind bound no not without with unique smart windows company corp org dept department unit school hospital hotel shop
  store support service hotline complaint report emergency platform site system sys product project proj goods item
  ky sf jc jy zb zl gc jj`),
)

/** Whose name it is that ends in `name`. */
const people = new Set(
  words(`passenger guest tourist traveler traveller visitor baby infant elder tenant landlord resident villager farmer
  candidate examinee pupil coach lawyer attorney judge defendant plaintiff victim suspect witness inmate donor recipient
  subscriber attendee participant contestant reviewer approver auditor operator creator updater modifier reporter assignee
  follower salesman salesperson cashier courier rider husband wife son daughter brother sister grandfather grandmother
  relative beneficiary policyholder guarantor debtor creditor shareholder director chairman secretary advisor counselor
  counsellor headmaster classmate surgeon therapist signatory assistant expert trainee volunteer officer householder
  supervisor leader manager teacher student doctor nurse patient staff employee driver contact linkman applicant borrower`),
)
/** What says only how, or of which moment, the same value stands there: `xm.keyword`, `sex_dictText`, `phone_old`. */
const remarks = new Set(words('dicttext str keyword raw old new bak before after'))
const asPerson = 'personname'

const longest = 48
const mostDigits = 4
/** The last letters of each, all of a short one, as a number: of most names these tell that they are none. */
const lastLetters = 4
const tails = new Set(
  [...chinese, ...english, ...remarks, 'name'].map(word =>
    [...word.slice(-lastLetters)].reduceRight((tail, letter) => ahead(letter.charCodeAt(0), tail), 0),
  ),
)
const plain = /^[A-Za-z0-9_\-.:/@$#|[\]{} ]+$/
/** Where words begin: behind what parts them or the one letter that some vendors put ahead, and at capitals. */
const boundary = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=^[a-zF])(?=[A-Z])/
const parted = /[.:/|[\]@#{}]/

/** Whether a name could end so, or is another with a number behind it: wrong only by saying yes. */
export function mayEndInLatin(name: string): boolean {
  if (name.length <= 2 || name.length > longest) return false
  let end = name.length
  while (end > 0 && name.length - end <= mostDigits && isBehind(name.charCodeAt(end - 1))) end--
  if (end < 2 || name.length - end > mostDigits) return false
  if (!isLetter(name.charCodeAt(end - 1)) || !isLetter(name.charCodeAt(end - 2))) return false
  return (end < name.length || hasTail(name, end)) && plain.test(name)
}

/** Whether the last letters are those of an end, whatever parts them. */
function hasTail(name: string, end: number): boolean {
  let tail = 0
  for (let at = end - 1, count = 0; at >= 0 && count < lastLetters; at--) {
    const code = name.charCodeAt(at)
    if (!isLetter(code)) continue
    tail = ahead(code, tail)
    if (++count > 1 && tails.has(tail)) return true
  }
  return false
}

/** Letters, read from the last one on, as one number whatever their case. */
function ahead(code: number, tail: number): number {
  return tail * 32 + (code & 31)
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

/** Digits, and what parts a number from a name. */
function isBehind(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 0x5f || code === 0x2d || code === 0x5b || code === 0x5d
}

/** What a name is without a number behind it, and what it says at its end, as `normalizeName` has them. */
export function latinEnds(name: string): readonly string[] {
  const parts = name
    .replace(/[_\-[]?\d{1,2}\]?$/, '')
    .split(boundary)
    .filter(part => part !== '')
  const lower = withoutRemark(parts.map(part => part.toLowerCase()))
  const whole = lower.join('')
  if (isOfPerson(lower) && !parted.test(name)) return [whole, asPerson]
  for (let from = 0; from < lower.length; from++) {
    const end = lower.slice(from).join('')
    if (!chinese.has(end) && (!english.has(end) || (from > 0 && parted.test(name)))) continue
    return lower.slice(0, from).some(part => ofOthers.has(part)) ? [whole] : [whole, end]
  }
  return [whole]
}

/** Who did something with a row: `createUserName`, `audit_by_name`. */
const users = new Set(words('user by'))
const acts =
  /^(?:creat|updat|audit|approv|handl|oper|submit|appl|send|receiv|assign|review|publish|modif|input|charg|duty|sign|check)/

/** Whether these words are the name of somebody, said by what they are or did. */
function isOfPerson(lower: readonly string[]): boolean {
  const at = lower.length - 2
  if (at < 0 || lower[at + 1] !== 'name') return false
  const isUser = at > 0 && users.has(lower[at]!) && acts.test(lower[at - 1]!)
  if (!isUser && !people.has(lower[at]!)) return false
  return !lower.slice(0, isUser ? at - 1 : at).some(part => ofOthers.has(part))
}

function withoutRemark(lower: readonly string[]): readonly string[] {
  for (const count of [1, 2]) {
    if (lower.length > count && remarks.has(lower.slice(-count).join(''))) return lower.slice(0, -count)
  }
  return lower
}
