import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../gateway/demo/people.ts'
import { plugins } from '../../plugins/index.ts'
import { testKeys } from '../contract/key-ring.ts'

const crowd = people(60)
const detectors = new Map(plugins.detectors.map(plugin => [plugin.name, plugin.create({}, testKeys)]))

/** Where one group ends and the next begins: a space, a hyphen, and what word processors put in their place. */
const gaps = ['', ' ', '-', '\u00a0', '\u3000', '\u2011', '\u2013', '－', '\u200b']
const surroundings = [
  ['', ''],
  ['电话：', '。'],
  ['"', '"'],
  ['tel=', '&x=1'],
  ['(', ')'],
  ['2026-11-21\t', '\t7'],
  ['第3次，', '，共2次'],
  ['<td>', '</td>'],
  ['身份证', '电话'],
  ['u', 'x'],
] as const
const fullWidth = (text: string) => text.replace(/\d/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

function groups(digits: string, sizes: readonly number[], gap: string): string {
  let from = 0
  return sizes.map(size => digits.slice(from, (from += size))).join(gap)
}

function isFound(detector: string, value: string, written: string): void {
  const { find, normalize } = detectors.get(detector)!
  for (const [before, after] of surroundings) {
    const text = before + written + after
    const spans = find(text)
    assert.equal(spans.length, 1, JSON.stringify(text))
    const { start, end } = spans[0]!
    assert.ok(start <= before.length && end >= before.length + written.length, JSON.stringify(text))
    assert.equal(normalize(text.slice(start, end)), value)
  }
}

test('mobile numbers, with country code or without, in any grouping', () => {
  for (const { mobile } of crowd) {
    for (const prefix of ['', '+86', '86', '0086', '+86 ', '86-', '0086 '])
      isFound('cn_mobile', mobile, prefix + mobile)
    for (const gap of gaps) {
      isFound('cn_mobile', mobile, groups(mobile, [3, 4, 4], gap))
      isFound('cn_mobile', mobile, fullWidth(groups(mobile, [3, 8], gap)))
      isFound('cn_mobile', mobile, `+86${gap}${groups(mobile, [3, 4, 4], gap)}`)
    }
  }
})

test('mobile, ID and card numbers parted by full stops, slashes and low lines', () => {
  for (const { mobile, residentId, bankCard } of crowd) {
    for (const sign of ['.', '/', '_']) {
      isFound('cn_mobile', mobile, groups(mobile, [3, 4, 4], sign))
      isFound('cn_resident_id', residentId, groups(residentId, [6, 8, 4], sign))
      isFound('cn_resident_id', residentId, groups(residentId, [6, 4, 4, 4], sign))
      if (bankCard.length > 16) isFound('bank_card', bankCard, groups(bankCard, [4, 4, 4, 4, 3], sign))
    }
  }
})

test('numbers that are spaced out digit by digit', () => {
  for (const { mobile, residentId, bankCard } of crowd) {
    for (const sign of [' ', '-', '.', '_', '\u3000']) {
      for (const [detector, value] of Object.entries({
        cn_mobile: mobile,
        cn_resident_id: residentId,
        bank_card: bankCard,
      })) {
        const { find, normalize } = detectors.get(detector)!
        const text = `号码：${[...value].join(sign)}。`
        const [span, ...others] = find(text)
        assert.ok(span !== undefined && others.length === 0, text)
        assert.equal(normalize(text.slice(span.start, span.end)), value)
      }
    }
  }
})

test('versions, addresses of machines, dates, money, places and marks are no numbers of anybody', () => {
  for (const text of [
    '版本1.38.0013.8000，升级到138.0013.8001.2',
    '192.168.100.138 10.138.13.80 255.255.255.255:13800',
    '2026/11/21 09:30:00 至 2026/11/22 18:00:00',
    '2026.11.21—2026.12.31，共40天',
    '138.0013元，13800.1380万元，1,380,013,800.00元',
    '130.2741/30.2741/12.5',
    '路径/138/0013/8000/20261121/1.json',
    'img_138_0013_8000_1.png',
    '1 3 4 5 2 3 1 4 5 2 3',
    '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15',
    '5 4 5 5 3 4 5 4 5 5 4 3 2 1 5 4 4 5',
    '得分 9 8 7 9 9 8 10 9 8 9 7',
    '3.1415926535897932384626',
  ]) {
    for (const detector of ['cn_mobile', 'cn_resident_id', 'bank_card', 'cn_landline', 'intl_phone'])
      assert.deepEqual(detectors.get(detector)!.find(text), [], `${detector}: ${text}`)
  }
})

test('numbers with what has no width anywhere in them', () => {
  for (const { mobile, residentId } of crowd.slice(0, 10)) {
    for (const nothing of ['\u200b', '\u00ad', '\u200b\ufeff\u2060']) {
      isFound('cn_mobile', mobile, [...mobile].join(nothing))
      isFound('cn_mobile', mobile, groups(mobile, [5, 6], nothing))
      isFound('cn_resident_id', residentId, groups(residentId, [3, 9, 6], nothing))
    }
  }
})

test('resident ID numbers, in any grouping and case', () => {
  for (const { residentId } of crowd) {
    for (const gap of gaps) {
      for (const sizes of [
        [6, 8, 4],
        [6, 4, 4, 4],
        [3, 3, 4, 4, 4],
        [17, 1],
      ]) {
        isFound('cn_resident_id', residentId, groups(residentId, sizes, gap).toLowerCase())
      }
      isFound('cn_resident_id', residentId, fullWidth(groups(residentId, [6, 8, 4], gap)))
    }
  }
})

test('bank card numbers, as they are printed', () => {
  for (const { bankCard } of crowd) {
    for (const gap of gaps) {
      isFound('bank_card', bankCard, groups(bankCard, [4, 4, 4, 4, 3], gap))
      isFound('bank_card', bankCard, groups(bankCard, [6, 13], gap))
    }
    isFound('bank_card', bankCard, fullWidth(bankCard))
  }
})

test('few of the numbers that are something else are taken for one', () => {
  // The multiples of a large odd number scatter well enough, and are the same in every run.
  const numbers = (digits: number) =>
    Array.from({ length: 20_000 }, (_, index) =>
      String((BigInt(index + 1) * 0x9e3779b97f4a7c15n) % 10n ** BigInt(digits)).padStart(digits, '0'),
    )
  const share = (detector: string, digits: number) =>
    numbers(digits).filter(number => detectors.get(detector)!.find(number).length > 0).length / 20_000
  // 18 digits: a valid region, date and check character together. 15: region and date only.
  assert.ok(share('cn_resident_id', 18) < 0.002)
  assert.ok(share('cn_resident_id', 15) < 0.02)
  // One in ten passes Luhn, and few ranges have issuers.
  assert.ok(share('bank_card', 16) < 0.03)
  assert.ok(share('bank_card', 18) < 0.01)
  // Of numbers of 11 digits 7 in 100 are in the plan; there is no check to tell more.
  assert.ok(share('cn_mobile', 11) < 0.08)
  assert.equal(share('cn_mobile', 12) < 0.01, true)
  assert.equal(share('cn_mobile', 14), 0)
})
