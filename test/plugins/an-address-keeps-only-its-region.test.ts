import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Scope } from '../../gateway/contracts.ts'
import { people } from '../../gateway/demo/people.ts'
import { cnAddressRegion } from '../../plugins/masks/cn-address-region.ts'
import { testKeys } from '../contract/key-ring.ts'

const scope: Scope = { consumer: 'portal', purpose: '', dataType: 'address' }
const region = (value: string, keep: 'province' | 'city' | 'district') =>
  cnAddressRegion.create({ keep }, testKeys).mask(value, scope)

/** Street, number and all that follows. */
const street = /(?:文三路|人民路|解放大道|建设街|学院路|中山北路|滨江东路|新华街).*$/

test('of a whole address the district is everything before the street', () => {
  for (const { address } of people(400)) assert.equal(region(address, 'district'), address.replace(street, ''))
})

test('coarser is shorter, and always the beginning of what is finer', () => {
  for (const { address } of people(400)) {
    const [province, city, district] = [
      region(address, 'province'),
      region(address, 'city'),
      region(address, 'district'),
    ]
    assert.ok(province !== null && city !== null && district !== null)
    assert.ok(city.startsWith(province) && district.startsWith(city) && address.startsWith(district))
    assert.match(province, /^(?:..省|...?自治区|.{4,5}自治区|.{5,7}自治区|..市)$/)
  }
})

test('what tells by bytes how much of an address stays says what the mask does, or nothing', () => {
  const { head, mask } = cnAddressRegion.create({ keep: 'city' }, testKeys)
  const said = (text: string) => {
    return head!.match.test(text) ? text.slice(0, text.indexOf(head!.last) + 1) : null
  }
  const whole = people(400).map(({ address }) => address)
  assert.ok(whole.filter(address => said(address) !== null).length > 300)
  for (const district of [
    '广东省深圳市南山区',
    '北京市西城区',
    '重庆市南岸区',
    '广西壮族自治区南宁市青秀区',
    '河南南阳市南召县',
  ])
    assert.ok(said(`${district}文三路138号`) !== null, district)
  for (const address of whole) if (said(address) !== null) assert.equal(said(address), mask(address, scope))
  const parts =
    '浙江|省|杭州|市|北京|吉林|湘西|自治州|地区|盟|场|中|南|北|辖|区|县|路|桥|村|街道|鼓楼|新|红旗|阿里|菜|夜|城|小|道|石家庄|海口|张三|广西|壮族|自治区|东|西|一|龥'
  const text = fc.array(fc.constantFrom(...parts.split('|')), { minLength: 1, maxLength: 9 }).map(list => list.join(''))
  const starts = fc.constantFrom(
    '浙江',
    '吉林省',
    '北京市',
    '海口市',
    '广东省深圳',
    '湖南省湘',
    '上海',
    '杭州市',
    '湖南省湘市南',
    '天津市南',
    '',
  )
  fc.assert(
    fc.property(starts, text, (start, rest) => {
      const kept = said(start + rest)
      if (kept !== null) assert.equal(kept, mask(start + rest, scope))
    }),
    { numRuns: 20_000 },
  )
})

test('people, streets, schools and estates before or after a region are never shown', () => {
  const odd = [
    '张三，浙江省杭州市西湖区文三路',
    '住浙江省杭州市',
    '上海路 8 号',
    '南京市场街 3 号',
    '翠苑小区 3 幢',
    '西湖区文三路',
    '欧阳娜娜家杭州市西湖区',
    '',
    ' ',
    '省市区',
  ]
  for (const value of odd)
    for (const keep of ['province', 'city', 'district'] as const) assert.equal(region(value, keep), null, value)
  assert.equal(region('浙江省张三住杭州市', 'district'), '浙江省')
  assert.equal(region('江苏省苏州市工业园区翠园路', 'district'), '江苏省苏州市')
  assert.equal(region('四川省成都市菜市场旁', 'district'), '四川省成都市')
  assert.equal(region('湖北省武汉市武汉大学信息学部', 'district'), '湖北省武汉市')
})

test('regions with a street or a village in their name are regions', () => {
  for (const whole of [
    '江苏省镇江市京口区',
    '江苏省南京市鼓楼区',
    '江西省景德镇市珠山区',
    '浙江省宁波市镇海区',
    '浙江省台州市路桥区',
    '山东省济南市市中区',
    '山东省青岛市市南区',
    '河南省新乡市红旗区',
    '湖南省永州市道县',
    '黑龙江省哈尔滨市道里区',
    '西藏自治区阿里地区噶尔县',
    '新疆维吾尔自治区哈密市巴里坤哈萨克自治县',
    '浙江省嘉兴市桐乡市',
  ]) {
    assert.equal(region(`${whole}人民路 1 号`, 'district'), whole)
  }
})

test('gaps between the parts do not matter', () => {
  assert.equal(region('浙江省 杭州市 西湖区 文三路', 'district'), '浙江省 杭州市 西湖区')
  assert.equal(region('浙江省/杭州市/西湖区/文三路', 'city'), '浙江省/杭州市')
  assert.equal(region('中国浙江省杭州市西湖区', 'city'), '中国浙江省杭州市')
})
