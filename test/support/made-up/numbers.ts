/**
 * Made-up numbers as their issuers make them. The checks are written here a second time, from the standards, so that a
 * mistake in a detector does not show as agreement.
 */
import type { Chance } from './chance.ts'

const two = (value: number) => String(value).padStart(2, '0')
const regions =
  '110101 110108 120102 130102 140105 152530 210102 220104 230103 310110 320583 330106 330281 340826 350203 360102 370202 410102 420106 433101 440305 450103 460106 500103 510107 520102 530102 540102 610113 620102 630102 640104 650104'.split(
    ' ',
  )

function birth({ below }: Chance): string {
  return `${1935 + below(85)}${two(1 + below(12))}${two(1 + below(28))}`
}

/** GB 11643: 18 characters; one in twenty the 15 of before 1999. */
export function residentId(chance: Chance): string {
  const [region, born, sequence] = [chance.pick(regions), birth(chance), chance.digits(3)]
  if (chance.below(20) === 0) return region + born.slice(2) + sequence
  const digits = region + born + sequence
  // ISO 7064 MOD 11-2 by its recursion: detectors sum by weights.
  let power = 0
  for (const digit of digits) power = ((power + Number(digit)) * 2) % 11
  return digits + '0123456789X'[(12 - power) % 11]!
}

/** The digit that makes a number right by Luhn. */
function luhn(digits: string): string {
  for (let check = 0; check < 10; check++) {
    const all = [...digits, String(check)].reverse().map(Number)
    const sum = all.reduce(
      (total, digit, at) => total + (at % 2 === 0 ? digit : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit]!),
      0,
    )
    if (sum % 10 === 0) return digits + check
  }
  throw new Error('one of ten digits is right')
}

export function bankCard(chance: Chance): string {
  const [start, length] = chance.pick([
    ['622202', 19],
    ['621700', 19],
    ['622848', 19],
    ['621661', 19],
    ['6225', 16],
    ['6226', 16],
    ['62284', 19],
    ['4392', 16],
    ['5187', 16],
    ['4', 16],
    ['378282', 15],
  ] as const)
  return luhn(start + chance.digits(length - 1 - start.length))
}

export function imei(chance: Chance): string {
  return luhn(chance.pick(['35', '86', '01', '99']) + chance.digits(12))
}

export function mobile(chance: Chance): string {
  return (
    chance.pick(['130', '133', '135', '138', '139', '150', '158', '166', '177', '186', '189', '191', '199']) +
    chance.digits(8)
  )
}

export function landline(chance: Chance): string {
  const [area, length] = chance.pick([
    ['010', 8],
    ['021', 8],
    ['0571', 8],
    ['028', 8],
    ['0512', 8],
    ['0743', 7],
    ['0991', 7],
    ['0755', 8],
  ] as const)
  return `${area}-${2 + chance.below(7)}${chance.digits(length - 1)}`
}

export function intlPhone({ pick, digits }: Chance): string {
  return pick([
    () => `+852 ${pick(['2', '5', '6', '9'])}${digits(3)} ${digits(4)}`.replace(/ (\d)/, ' $1'),
    () => `+44 20 7${digits(3)} ${digits(4)}`,
    () => `+1 ${pick(['212', '415', '617', '206'])}-${pick(['2', '5', '7'])}${digits(2)}-${digits(4)}`,
    () => `+81 90-${pick(['1', '3', '6'])}${digits(3)}-${digits(4)}`,
    () => `+65 ${pick(['6', '8', '9'])}${digits(3)} ${digits(4)}`,
    () => `+49 151 2${digits(7)}`,
  ])()
}

const creditCharacters = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** GB 32100 with the organisation code of GB 11714 in it. */
export function creditCode({ pick, below }: Chance): string {
  const own = Array.from({ length: 8 }, () => pick([...'0123456789ABCDEFGHJKLMNPQRTUWXY']))
  const rest = own.reduce((sum, one, at) => sum + Number.parseInt(one, 36) * [3, 7, 9, 10, 5, 8, 4, 2][at]!, 0) % 11
  const ownCheck = rest === 0 ? '0' : rest === 1 ? 'X' : String(11 - rest)
  const code = pick(['91', '92', '93', '12', '51']) + regions[below(regions.length)]! + own.join('') + ownCheck
  let sum = 0
  let weight = 1
  for (const one of code) {
    sum += creditCharacters.indexOf(one) * weight
    weight = (weight * 3) % 31
  }
  return code + creditCharacters[(31 - (sum % 31)) % 31]!
}

/** ISO 3779 and 49 CFR 565. */
export function vin({ pick, digits }: Chance): string {
  const letters = [...'ABCDEFGHJKLMNPRSTUVWXYZ0123456789']
  const some = (count: number) => Array.from({ length: count }, () => pick(letters)).join('')
  const start = pick(['LSV', 'LFV', 'LGB', 'LVS', '1HG', 'JTD', 'WVW']) + some(5)
  const end = some(4) + digits(4)
  const value = (one: string) =>
    /\d/.test(one) ? Number(one) : '.abcdefgh..jklmn.p.r..stuvwxyz'.indexOf(one.toLowerCase()) % 10
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  const sum = [...`${start}0${end}`].reduce((total, one, at) => total + value(one) * weights[at]!, 0)
  return start + '0123456789X'[sum % 11]! + end
}

/** ISO 13616: the check is 98 less the remainder by 97. */
export function iban({ pick, digits, letters }: Chance): string {
  const [country, account] = pick([
    ['DE', () => digits(18)],
    ['GB', () => `${letters(4)}${digits(14)}`],
    ['FR', () => `${digits(20)}${digits(3)}`],
    ['NL', () => `${letters(4)}${digits(10)}`],
    ['ES', () => digits(20)],
    ['CH', () => digits(17)],
    ['SA', () => digits(20)],
  ] as const)
  const bban = account()
  const spelt = [...`${bban}${country}00`].map(one => Number.parseInt(one, 36)).join('')
  return `${country}${two(98 - Number(BigInt(spelt) % 97n))}${bban}`
}

export function nhsNumber(chance: Chance): string {
  for (;;) {
    const digits = String(4 + chance.below(4)) + chance.digits(8)
    const check = 11 - ([...digits].reduce((sum, one, at) => sum + Number(one) * (10 - at), 0) % 11)
    if (check !== 10) return digits + (check === 11 ? 0 : check)
  }
}

export function ssn(chance: Chance): string {
  return `${1 + chance.below(6)}${two(chance.below(66))}-${two(1 + chance.below(99))}-${String(1 + chance.below(9998)).padStart(4, '0')}`
}

/** Verhoeff by trying: of ten numbers that differ in the last digit one is right. */
export function aadhaar(chance: Chance): string {
  const times = [
    '0123456789',
    '1234067895',
    '2340178956',
    '3401289567',
    '4012395678',
    '5987604321',
    '6598710432',
    '7659821043',
    '8765932104',
    '9876543210',
  ]
  const moves = [
    '0123456789',
    '1576283094',
    '5803796142',
    '8916043527',
    '9453126870',
    '4286573901',
    '2793806415',
    '7046913258',
  ]
  const digits = String(2 + chance.below(8)) + chance.digits(10)
  for (let check = 0; check < 10; check++) {
    const sum = [...digits, String(check)]
      .reverse()
      .reduce((c, one, at) => Number(times[c]![Number(moves[at % 8]![Number(one)])]), 0)
    if (sum === 0) return digits + check
  }
  throw new Error('one of ten digits is right')
}

export function hongKongId({ pick, digits }: Chance): string {
  const [letter, number] = [pick([...'ABCDGHKMPRVYZ']), digits(6)]
  const sum =
    9 * 36 + 8 * (letter.charCodeAt(0) - 55) + [...number].reduce((total, one, at) => total + Number(one) * (7 - at), 0)
  const check = (11 - (sum % 11)) % 11
  return `${letter}${number}(${check === 10 ? 'A' : check})`
}

export function plate({ pick, digits, letters }: Chance): string {
  const start = pick([...'京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼']) + pick([...'ABCDEFGH'])
  return pick([
    () => start + digits(5),
    () => `${start}${letters(1)}${digits(4)}`,
    () => `${start}D${digits(5)}`,
    () => `${start}·${digits(5)}`,
  ])()
}

export function ipAddress({ pick, below }: Chance): string {
  const part = () => 2 + below(250)
  return pick([
    () => `${pick([10, 172, 192, 36, 61, 114, 202, 223])}.${part()}.${part()}.${2 + below(250)}`,
    () =>
      `240e:${(4096 + below(50000)).toString(16)}:${(4096 + below(50000)).toString(16)}:${below(65535).toString(16)}::${(1 + below(65000)).toString(16)}`,
  ])()
}

export function macAddress({ pick, below }: Chance): string {
  const sign = pick([':', '-'])
  const pairs = ['00', ...Array.from({ length: 5 }, () => (1 + below(250)).toString(16).padStart(2, '0'))]
  return pick([(one: string) => one, (one: string) => one.toUpperCase()])(pairs.join(sign))
}

export function email({ pick, digits }: Chance): string {
  return `${pick(['zhang.wei', 'li_na', 'wangfang', 'chen88', 'liu-yang', 'j.smith', 'sun'])}${digits(3)}@${pick(['example.com', 'stu.example.edu.cn', 'mail.example.org', 'qq.example.net'])}`
}

export function passport({ pick, digits, letters }: Chance): string {
  return pick([
    () => `E${digits(8)}`,
    () => `E${letters(1)}${digits(7)}`,
    () => `G${digits(8)}`,
    () => `P${digits(7)}`,
  ])()
}

export function coordinates({ below, digits }: Chance): string {
  return `${20 + below(30)}.${digits(6)},${75 + below(55)}.${digits(6)}`
}

/** A number in Chinese numerals: as it is written, as on cheques, or as it is said on the telephone. */
export function spoken(value: string, { pick }: Chance): string {
  const numerals = pick([
    '零一二三四五六七八九',
    '〇一二三四五六七八九',
    '零壹贰叁肆伍陆柒捌玖',
    '零幺二三四五六七八九',
  ])
  return value.replaceAll('-', '').replace(/[0-9]/g, digit => numerals[Number(digit)]!)
}
