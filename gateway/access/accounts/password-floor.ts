/**
 * What a password must be at least (NIST SP 800-63B-4, 3.1.1.2): long, none that everybody tries, not one's own name. No
 * rule on kinds of characters, as such rules make passwords alike.
 */

export const [shortest, longest] = [12, 256] as const

export type Weakness = 'short' | 'long' | 'common' | 'name' | 'simple'

/** Different characters at least. */
const leastDifferent = 6

/**
 * Words that long passwords are made of by those who must have a long one. Digits and signs around one, and letters
 * written as digits, do not make another of it.
 */
const common: ReadonlySet<string> = new Set(
  `abcdefghijkl abcdefghijklmnop administrator adminadmin adminadminadmin adminpassword asdfghjkl asdfghjklzxcvbnm
  changeme changemenow changepassword chinachina computer dragon football ganbeijing guanliyuan helloworld huawei iloveyou
  iloveyouforever jiaowuchu letmein letmeinplease loginlogin manager monkey mypassword newpassword nihao nihaoshijie
  operator p@ssword passphrase passpass password passwordpassword princess qazwsxedc qazwsxedcrfv qqqqqq qwerasdf
  qwerasdfzxcv qwerty qwertyqwerty qwertyuiop qwertyuiopasdf rootroot secretsecret securitysecurity superadmin supervisor
  superuser sunshine sysadmin systemsystem temppassword testtest testtesttest trustno welcome welcomewelcome
  welcometochina woaini woainiwoaini woaizhongguo wodemima wosiguanliyuan woshiguanliyuan xitongguanliyuan xuesheng
  yonghu zaq zhongguo zhongguoren zxcvbnm zxcvbnmasdfghjkl veilgate veilgateadmin veilgateveilgate correcthorsebatterystaple`.split(
    /\s+/,
  ),
)

const written: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }),
])

/** What is wrong with a password of this account; null: nothing. */
export function weaknessOf(password: string, name: string): Weakness | null {
  const characters = [...password.normalize('NFC')]
  if (characters.length < shortest) return 'short'
  if (characters.length > longest) return 'long'
  const low = password.normalize('NFKC').toLowerCase()
  if ([...name].length >= 3 && low.includes(name.normalize('NFKC').toLowerCase())) return 'name'
  if (new Set(low).size < leastDifferent || isRow(low)) return 'simple'
  // signs are taken off before letters are read from digits, and after: passw0rd2026 ends in a year, p@ssword begins with a sign
  return [low, spelt(low), spelt(inner(low))].some(isCommon) ? 'common' : null
}

function spelt(text: string): string {
  return [...text].map(one => written.get(one) ?? one).join('')
}

function inner(text: string): string {
  return /\p{L}(?:.*\p{L})?/su.exec(text)?.[0] ?? ''
}

function isCommon(text: string): boolean {
  const bare = text.replace(/[^\p{L}]+/gu, '')
  return common.has(text) || common.has(inner(text)) || common.has(bare)
}

/** `123456789012`, `abcdefghijkl`, `098765432109`: nothing but neighbours. */
function isRow(text: string): boolean {
  const codes = [...text].map(one => one.codePointAt(0)!)
  const steps = codes.slice(1).map((code, at) => Math.abs(code - codes[at]!))
  return steps.filter(step => step === 1 || step === 0 || step === 9).length >= steps.length * 0.9
}
