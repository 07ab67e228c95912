import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { encodedParts } from '../../gateway/masking/encoded.ts'
import { mayBeEncoded } from '../../gateway/masking/may-be-encoded.ts'
import { Unpacking } from '../../gateway/masking/unpacking.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { xm: 'name', tel: 'tel' },
  types: {
    name: { form: 'redact' },
    id: {
      cell: 'A4',
      form: 'partial',
      mask: mask('keep_ends', { head: 3, tail: 0, cover: '*' }),
      detector: 'cn_resident_id',
    },
    tel: { detector: 'cn_mobile' },
    mail: { detector: 'email' },
  },
})

const base64 = (text: string) => Buffer.from(text).toString('base64')
const base64url = (text: string) => Buffer.from(text).toString('base64url')
const escapeAll = (text: string) =>
  [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
const mobile = '13800138000'
const person = `{"xm":"张三","n":1,"note":"打 ${mobile}"}`
const cleared = '{"xm":"***","n":1,"note":"打 ***"}'

const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ value }))).value

test('a value in base64 or percent signs is masked as what it stands for', () => {
  for (const encode of [base64, base64url, escapeAll]) assert.equal(shown(encode(mobile)), '***')
  assert.equal(shown(base64('打 13800138000 找 11010519491231002X。')), base64('打 *** 找 110***************。'))
  assert.equal(shown('%20110105%31949123100%32X ok'), '%20110*************** ok')
  assert.equal(shown(`/photo/${base64(`id ${mobile}`)}?size=2`), `/photo/${base64('id ***')}?size=2`)
})

test('JSON in an encoding is read by the same plan, and encoded again as it was', () => {
  assert.equal(shown(base64(person)), base64(cleared))
  assert.equal(shown(base64url(person)), base64url(cleared))
  assert.equal(shown(encodeURIComponent(person)), encodeURIComponent(cleared))
  assert.equal(
    shown(`data:application/json;base64,${base64(person)}`),
    `data:application/json;base64,${base64(cleared)}`,
  )
  assert.equal(shown(`data:application/json,${person}`), `data:application/json,${cleared}`)
})

test('what is compressed in base64 is read, and compressed again', () => {
  const packed = (text: string) => gzipSync(text).toString('base64')
  const unpacked = (text: string) => gunzipSync(Buffer.from(text, 'base64')).toString()
  assert.equal(unpacked(shown(packed(person))), cleared)
  assert.equal(unpacked(shown(packed(`${'x'.repeat(5000)} ${mobile}`))), `${'x'.repeat(5000)} ***`)
  assert.match(shown(`id=${packed(person)};`), /^id=H4sI.*;$/)
  assert.equal(shown(packed('nothing of anybody')), packed('nothing of anybody'))
  assert.equal(unpacked(unpacked(shown(packed(packed(person))))), cleared)
  assert.equal(shown(packed(mobile)), '***')
})

test('what a body unpacks to is bounded by what came of it, and goes beyond that', () => {
  const packed = (text: string) => gzipSync(text).toString('base64')
  const unpacked = (text: string) => gunzipSync(Buffer.from(text, 'base64')).toString()
  const all = (values: string[]): string[] => JSON.parse(maskText(plan, JSON.stringify(values)))
  const blanks = ' '.repeat(200_000)
  const bombs = all(Array.from({ length: 20 }, (_, nth) => packed(`${nth} ${blanks}${mobile}`)))
  assert.equal(unpacked(bombs[0]!), `0 ${blanks}***`)
  assert.equal(bombs.at(-1), '***')
  const inside = Array.from({ length: 20 }, (_, nth) => packed(`${nth} ${blanks}`))
  const read = unpacked(shown(packed(inside.join(' ')))).split(' ')
  assert.deepEqual([read[0], read.at(-1)], [inside[0], '***'])
  const ordinary = all(Array.from({ length: 2000 }, (_, nth) => packed(`${nth} ${person.repeat(4)}`)))
  for (const [nth, one] of ordinary.entries())
    assert.equal(unpacked(one), `${nth} ${person.repeat(4)}`.replaceAll(mobile, '***').replaceAll('张三', '***'))
})

test('what is compressed in hexadecimal, and by zlib, is read', () => {
  for (const level of [1, 4, 6, 9])
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const packed = (text: string) => deflateSync(text, { level }).toString(encoding)
      const unpacked = (text: string) => inflateSync(Buffer.from(text, encoding)).toString()
      assert.equal(unpacked(shown(packed(person))), cleared)
      assert.equal(shown(packed(mobile)), '***')
      assert.equal(unpacked(/^id=([\w+/-]+=*);$/.exec(shown(`id=${packed(person)};`))![1]!), cleared)
      assert.equal(shown(packed('nothing of anybody')), packed('nothing of anybody'))
      assert.equal(shown(deflateSync('0'.repeat(300_000)).toString(encoding)), '***')
    }
  const gzipped = shown(gzipSync(person).toString('hex'))
  assert.equal(gunzipSync(Buffer.from(gzipped, 'hex')).toString(), cleared)
  for (const text of [
    'eJwAAAAAAAAAAAAAAAAA',
    '789c000000000000000000000000',
    '1f8b0800000000000003000000000000',
    base64('x^2 is a square'),
  ])
    assert.equal(shown(text), text)
})

test('what only begins as if it were packed is tried no oftener than what came of the body pays for', () => {
  const unpacking = new Unpacking(64 << 10)
  const tries = () => {
    let failed = 0
    while (unpacking.unpack(Buffer.from('1f8b0800000000000003ffff', 'hex')) === undefined) failed++
    return failed
  }
  const first = tries()
  assert.ok(first > 8 && first <= 16)
  unpacking.came(1000)
  const second = tries()
  assert.ok(second > 8 && second <= 16)
})

test('what unpacks to more than is read goes, and what is no gzip after all stays', () => {
  assert.equal(shown(gzipSync('0'.repeat(300_000)).toString('base64')), '***')
  assert.equal(shown(`see ${gzipSync(Buffer.alloc(300_000, 65)).toString('base64')}`), 'see ***')
  const cut = gzipSync(person).toString('base64').slice(0, 40)
  for (const text of [cut, 'H4sIAAAAAAAAAAAAAAAA', gzipSync(Buffer.from([0, 1, 2, 255])).toString('base64')])
    assert.equal(shown(text), text)
})

const hex = (text: string) => Buffer.from(text).toString('hex')

/** With its length before it, as such formats have their strings. */
const counted = (text: string, ...before: number[]) =>
  Buffer.concat([Buffer.from([...before, Buffer.byteLength(text)]), Buffer.from(text)])
const objects: Readonly<Record<string, (text: string) => Buffer>> = {
  'the state of a page of ASP.NET': text =>
    Buffer.concat([Buffer.from('ff010f0f', 'hex'), counted('学号', 5), counted(text, 5), Buffer.from('64', 'hex')]),
  'an object of Java': text =>
    Buffer.concat([Buffer.from('aced0005737200116a6176612e7574696c2e486173684d6170', 'hex'), counted(text, 0x74, 0)]),
  'an object of .NET': text =>
    Buffer.concat([
      Buffer.from('0001000000ffffffff01000000000000000601000000', 'hex'),
      counted(text),
      Buffer.from([11]),
    ]),
}

for (const [what, write] of Object.entries(objects)) {
  test(`${what} goes as a whole where something personal stands in it, and stays otherwise`, () => {
    for (const how of ['base64', 'base64url', 'hex'] as const) {
      for (const text of ['11010519491231002X', mobile, 'a.b@example.com', `打 ${mobile}`]) {
        const written = write(text).toString(how)
        assert.equal(shown(written), '***')
        assert.equal(shown(`0|hiddenField|state|${written}|`), '0|hiddenField|state|***|')
      }
      const harmless = write('nothing of anybody').toString(how)
      assert.equal(shown(harmless), harmless)
    }
  })
}

test('documents and archives in an encoding go, as nobody can tell what stands in them, but where nothing personal may', () => {
  const documents = [
    '504b030414000600',
    '255044462d312e340a25e2e3cfd3',
    'd0cf11e0a1b11ae1',
    '526172211a0700',
    '377abcaf271c0004',
  ]
  for (const head of documents) {
    const document = Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(60, 0x91)])
    for (const how of ['base64', 'hex'] as const) {
      const written = document.toString(how)
      assert.equal(shown(written), '***')
      assert.equal(shown(`data:application/octet-stream;base64,${written}`), 'data:application/octet-stream;base64,***')
      const body = JSON.stringify({ file: written })
      assert.equal(maskText({ ...plan, unlisted: 'keep' }, body), body)
    }
  }
  for (const picture of ['89504e470d0a1a0a0000', 'ffd8ffe000104a464946', 'ff01ffffffffffffffff']) {
    const written = Buffer.concat([Buffer.from(picture, 'hex'), Buffer.alloc(60, 0x91)]).toString('base64')
    assert.equal(shown(written), written)
  }
})
const wide = (text: string) => Buffer.from(text, 'utf16le')
const wideBig = (text: string) => Buffer.from(text, 'utf16le').swap16()

test('a value in hexadecimal is masked, and written again as it was', () => {
  assert.equal(shown(hex('11010519491231002X')), hex('110***************'))
  for (const text of [mobile, 'a.b@example.com'])
    for (const value of [hex(text), `0x${hex(text)}`, `0X${hex(text).toUpperCase()}`]) assert.equal(shown(value), '***')
  assert.equal(shown(hex(person)), hex(cleared))
  assert.equal(shown(`0x${hex(person).toUpperCase()}`), `0x${hex(cleared).toUpperCase()}`)
  assert.equal(shown(`id ${hex(`tel ${mobile}`)}-1`), `id ${hex('tel ***')}-1`)
})

test('UTF-16 in base64 or hexadecimal is read, of either kind, marked or not', () => {
  for (const mark of ['', '\ufeff']) {
    for (const encode of [wide, wideBig]) {
      for (const how of ['base64', 'hex'] as const) {
        const written = (text: string) => encode(mark + text).toString(how)
        assert.equal(shown(written(mobile)), '***')
        assert.equal(shown(written(person)), written(cleared))
      }
    }
  }
})

test('GB 18030 in base64 or hexadecimal is read, and goes as a whole', () => {
  const bytes = Buffer.concat([Buffer.from('{"xm":"'), Buffer.from('d5c5c8fd', 'hex'), Buffer.from('"}')])
  for (const how of ['base64', 'hex'] as const) {
    assert.equal(shown(bytes.toString(how)), '***')
    assert.equal(shown(`see ${bytes.toString(how)}`), 'see ***')
  }
})

test('Chinese ahead of a value in UTF-16 or GB 18030 does not hide it', () => {
  for (const how of ['base64', 'hex'] as const) {
    for (const encode of [wide, wideBig]) {
      for (const text of ['电话', '，。电话：', 'A电话', '\ufeff电话', 'ＱＱ与电话']) {
        const written = (value: string) => encode(text + value).toString(how)
        assert.equal(shown(written(mobile)), written('***'), text)
        assert.equal(shown(`see ${written(mobile)}`), `see ${written('***')}`, text)
      }
    }
    for (const text of ['b5e7bbb0', 'a3acb5e7bbb0a3ba', 'b5e741bbb0'])
      assert.equal(shown(Buffer.concat([Buffer.from(text, 'hex'), Buffer.from(mobile)]).toString(how)), '***')
  }
})

test('bytes that are no text come out as they went in, and both readers let through what could be some', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 8, maxLength: 40 }),
    fc.array(fc.constantFrom(0xb5, 0xe7, 0xbb, 0x4e, 0x75, 0x30, 0x00, 0xff, 0xfe, 0x31, 0xa1), {
      minLength: 8,
      maxLength: 20,
    }),
  )
  fc.assert(
    fc.property(bytes, fc.constantFrom('base64' as const, 'hex' as const, 'base64url' as const), (some, how) => {
      const text = Buffer.from(some).toString(how)
      assert.equal(shown(text), text)
      const written = Buffer.from(text)
      assert.ok(mayBeEncoded(written, 0, written.length) || encodedParts(text, new Unpacking()).length === 0)
    }),
    { numRuns: 3000 },
  )
})

test('quoted-printable outside mail is read, in lines or not', () => {
  const quoted = (text: string) =>
    [...Buffer.from(text)].map(byte => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  assert.equal(shown(quoted(mobile)), '***')
  assert.equal(shown(`号码 ${quoted(`打${mobile}吧`)}; a=1`), `号码 ${quoted('打***吧')}; a=1`)
  assert.equal(shown(`=?utf-8?Q?${quoted(mobile)}?=`), '=?utf-8?Q?***?=')
  assert.equal(shown(quoted(`打${mobile}`).replace(/^.{30}/, '$&=\r\n')), quoted('打***'))
  assert.equal(shown(`${quoted('没有什么')} ${base64(mobile)}`), `${quoted('没有什么')} ***`)
  for (const text of ['a=12=34', '=AB=CD=EF=01=02=03', 'x==y=z', 'a=b0=c1=d2=e3=f4']) assert.equal(shown(text), text)
})

test('JSON in a parameter of an address is read', () => {
  const address = (json: string) => `https://a.example/list?page=2&filter=${encodeURIComponent(json)}&x=%20#top`
  assert.equal(shown(address(person)), address(cleared))
  assert.equal(shown(encodeURIComponent(address(person))), encodeURIComponent(address(cleared)))
})

test('a plus in a parameter is a blank', () => {
  const form = (json: string) => encodeURIComponent(json).replaceAll('%20', '+')
  const address = (name: string) => `https://a.example/?q=${form(`{"n": [1, 2], "xm": "${name}"}`)}&page=2`
  assert.equal(shown(address('张三')), address('***'))
  assert.equal(
    shown(`?a=1+1&q=${form('<r a="b c"><xm>张三</xm></r>')}`),
    `?a=1+1&q=${form('<r a="b c"><xm>***</xm></r>')}`,
  )
})

test('Chinese of GBK in percent signs is read, and what is not masked stays as it was written', () => {
  assert.equal(shown('/view.do?xm=%D5%C5%C8%FD&id=%B0%E0'), '/view.do?xm=***&id=%B0%E0')
  assert.equal(
    shown('%7B%22xm%22%3A%22%D5%C5%C8%FD%22%2C%22n%22%3A%22%B0%E0%22%7D'),
    '%7B%22xm%22%3A%22***%22%2C%22n%22%3A%22%B0%E0%22%7D',
  )
  for (const text of ['caf%E9', '%D5%C5%C8', '%A8%E6%FF', '/q?w=%D5%C5%C8%FD']) assert.equal(shown(text), text)
})

test('an address of which a parameter is masked stays one', () => {
  assert.equal(shown('/view.do?a=%31&xm=%E5%BC%A0&id=2'), '/view.do?a=%31&xm=***&id=2')
})

test('base64 in lines stays in lines', () => {
  const lines = (text: string) => text.replace(/.{20}(?=.)/g, '$&\r\n')
  const text = `${'x'.repeat(70)} ${mobile}`
  assert.equal(shown(lines(base64(text))), lines(base64(text.replace(mobile, '***'))))
})

test('a signature over what would be masked goes as a whole; over anything else it stays', () => {
  const signed = (payload: string) => `${base64url('{"alg":"HS256"}')}.${base64url(payload)}.c2lnbmF0dXJl`
  assert.equal(shown(signed(person)), '***')
  assert.equal(shown(`Bearer ${signed(person)}`), 'Bearer ***')
  assert.equal(shown(signed('{"sub":"7"}')), signed('{"sub":"7"}'))
})

test('text in four encodings is read; in five it is redacted', () => {
  for (const encode of [base64, encodeURIComponent]) {
    let four = '你好，世界'
    for (let depth = 0; depth < 4; depth++) four = encode(four)
    assert.equal(shown(four), four)
    assert.equal(shown(encode(four)), '***')
  }
})

test('what is beside an encoded value is masked as well', () => {
  assert.equal(shown(`${escapeAll(mobile)}; ${mobile}%31 ${mobile}`), '***; ***%31 ***')
  assert.equal(shown(`${base64(`a ${mobile}`)} ${mobile}`), `${base64('a ***')} ***`)
})

test('a name that is the encoding of a value is masked, and names stay apart', () => {
  const names = [
    base64(mobile),
    encodeURIComponent(`打 ${mobile}`),
    escapeAll('13900139000'),
    'a%20b',
    base64('nothing here'),
  ]
  const body = JSON.stringify(Object.fromEntries(names.map(name => [name, 1])))
  const masked = Object.keys(JSON.parse(maskText(plan, body)))
  assert.deepEqual(masked, ['***1', '%E6%89%93%20***#2', '***3', 'a%20b', base64('nothing here')])
})

test('characters that are not UTF-8 stay beside what is masked', () => {
  assert.equal(shown(`%D5%C5${mobile}`), '%D5%C5***')
  assert.equal(shown(`%u5F20%31${mobile.slice(1)}`), '%u5F20***')
})

test('a type that shows its value shows no encoded one that another type hides', () => {
  const clear = planOf({ fields: { a: 'shown' }, types: { shown: { form: 'clear' }, tel: { detector: 'cn_mobile' } } })
  assert.equal(maskText(clear, JSON.stringify({ a: base64(mobile) })), '{"a":"***"}')
  assert.equal(maskText(clear, JSON.stringify({ a: `x ${escapeAll(mobile)}` })), '{"a":"x ***"}')
  assert.equal(maskText(clear, JSON.stringify({ a: 'a%20b' })), '{"a":"a%20b"}')
})

test('identifiers, hashes, addresses and pictures come out as they went in', () => {
  const harmless = [
    '550e8400-e29b-41d4-a716-446655440000',
    'd41d8cd98f00b204e9800998ecf8427e',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    // as hexadecimal: an order, text that holds nothing, no text
    '2026112109300001202611210930',
    hex('nothing of anybody'),
    `${hex('not text')}00ff00ff00ff00`,
    '31333830303133383030303',
    Buffer.from([0x31, 0, 0x32, 0, 0x33, 0, 7, 0, 0x35, 0, 0x36, 0]).toString('base64'),
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'https://xg.example.edu.cn/api/students/list?page=2&q=%E4%BD%A0%E5%A5%BD',
    '100%',
    '50%25',
    '%',
    '%zz',
    '%e4%bd',
    'C:\\Users\\Administrator\\Documents',
    base64('nothing of anybody in here'),
    `${base64('x y z, and more')}\n`,
    'a+b/c-d_e'.repeat(9),
    'data:,',
    'data:text/plain,hello',
    '%ED%A0%80',
    '%u',
  ]
  for (const text of harmless) assert.equal(maskText(plan, JSON.stringify([text])), JSON.stringify([text]))
})

const encodings: readonly ((text: string) => string)[] = [
  base64,
  base64url,
  hex,
  text => wide(`note ${text}`).toString('base64'),
  encodeURIComponent,
  escapeAll,
  text => `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`,
  text => `data:text/plain;base64,${base64(text)}`,
  text => JSON.stringify({ inner: text }),
  text => `see ${base64(text)} there`,
]
const chain = fc.array(fc.constantFrom(...encodings), { minLength: 1, maxLength: 3 })
const around = fc.string({ unit: fc.constantFrom('a', ' ', '，', '好', '-', 'é', '😀'), maxLength: 12 })
const apply = (chained: readonly ((text: string) => string)[], text: string) =>
  chained.reduce((written, encode) => encode(written), text)

/** Everything a reader of the text could see: decoded wherever that is possible, again and again. */
function seen(text: string, depth = 0): string {
  if (depth > 6) return text
  const runs = [...text.matchAll(/[A-Za-z0-9+/_-]{12,}/g)]
  const inner = runs.flatMap(([run]) => [
    Buffer.from(run, 'base64').toString('utf8'),
    Buffer.from(run, 'base64').toString('utf16le'),
    Buffer.from(run, 'hex').toString('utf8'),
  ])
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  if (plain !== text) inner.push(plain)
  const texts = inner.filter(one => /[ -~]{6}/.test(one) && !/[\x00-\x08]/.test(one))
  return [text, ...texts.map(one => seen(one, depth + 1))].join('\n')
}

test('a planted value leaves in no encoding, and both readers of JSON agree', () => {
  fc.assert(
    fc.property(chain, around, around, fc.boolean(), (chained, before, after, escaping) => {
      const value = apply(chained, `${before} ${mobile} ${after}`)
      let body = JSON.stringify({ rows: [{ remark: value }] })
      if (escaping) body = body.replace(/[/%=+]/g, sign => `\\u00${sign.charCodeAt(0).toString(16)}`)
      const { remark } = JSON.parse(maskBody(plan, body).bytes.toString()).rows[0]
      assert.ok(!seen(remark).includes(mobile), remark)
    }),
    { numRuns: 600 },
  )
})

test('texts without anything personal stay what they are in any encoding', () => {
  fc.assert(
    fc.property(chain, around, fc.string(), (chained, before, after) => {
      const body = JSON.stringify([apply(chained, before + after.replace(/[@\d＠]/g, ''))])
      assert.equal(maskText(plan, body), body)
    }),
    { numRuns: 600 },
  )
})

test('bytes are let through wherever their text would be read', () => {
  const pieces = fc.constantFrom(
    ...'aZ09+/-_=% .é',
    '%20',
    '%e4',
    'data:',
    'MTM4MDAxMzgwMDA',
    'eyJhbGciOiJIUzI1NiJ9.',
    '\n',
  )
  fc.assert(
    fc.property(fc.string({ unit: pieces, maxLength: 30 }), text => {
      const bytes = Buffer.from(text)
      assert.ok(mayBeEncoded(bytes, 0, bytes.length) || encodedParts(text, new Unpacking()).length === 0)
    }),
    { numRuns: 2000 },
  )
})

test('texts made to be costly are read in a moment', () => {
  for (const unit of [
    'eyJ',
    'eyJhbGci.',
    '%e4',
    '/aaaaaaaaaaaaaaa',
    `${escapeAll('1')}`,
    'data:',
    `${base64('abcdefghijkl')}-`,
    `${mobile};%31${mobile.slice(1)};`,
  ]) {
    const text = unit.repeat(Math.ceil(400_000 / unit.length))
    assert.ok(maskText(plan, JSON.stringify([text])).length > 2)
  }
})
