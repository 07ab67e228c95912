import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { tablesOf } from '../../gateway/exchange/charset/tables.ts'
import { corpus } from '../support/corpora.ts'

const charsets = ['gbk', 'gb18030', 'big5'] as const

/** What a body reads as, in pieces cut at these places. */
function read(codec: CharsetCodec, bytes: Uint8Array, cuts: readonly number[] = []): Buffer {
  const ends = [...cuts.toSorted((one, other) => one - other), bytes.length]
  const pieces = ends.map((end, at) => codec.read(bytes.subarray(ends[at - 1] ?? 0, end)))
  codec.endRead()
  return Buffer.concat(pieces)
}

function write(codec: CharsetCodec, bytes: Uint8Array, cuts: readonly number[] = []): Buffer {
  const ends = [...cuts.toSorted((one, other) => one - other), bytes.length]
  return Buffer.concat(ends.map((end, at) => codec.write(bytes.subarray(ends[at - 1] ?? 0, end))))
}

function isMalformed(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'CHARSET_MALFORMED'
}

/** Bytes of a text, by the tables' inverse. */
function encoded(charset: (typeof charsets)[number], text: string): Buffer {
  return write(new CharsetCodec(charset, 'text'), Buffer.from(text))
}

const vectors = corpus('gb18030/vectors.jsonl')

test('what the vectors of encoding_rs decode is decoded alike, and what they find broken is withheld', {
  skip: vectors.skip,
}, () => {
  for (const line of readFileSync(vectors.path, 'utf8').trim().split('\n')) {
    const { op, label, bytes_hex, text } = JSON.parse(line)
    const bytes = Buffer.from(bytes_hex, 'hex')
    const codec = new CharsetCodec(label, 'markup')
    if (op === 'decode') {
      // U+FFFD is how a decoder that goes on says that bytes mean nothing
      if (text.includes('\ufffd')) assert.throws(() => read(codec, bytes), isMalformed, bytes_hex)
      else assert.equal(read(codec, bytes).toString(), text, bytes_hex)
    } else if (!/[\ufffd\ue000-\uf8ff]/.test(text)) {
      // of private use characters browsers write some with the bytes of another character: here nothing may change
      assert.equal(write(codec, Buffer.from(text)).toString('hex'), bytes_hex, text)
    }
  }
})

for (const charset of charsets) {
  test(`every character of ${charset} reads as browsers read it, and is written with the bytes it came in`, () => {
    const decoder = new TextDecoder(charset, { fatal: true })
    const { pairs } = tablesOf(charset)
    let characters = 0
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        const bytes = Buffer.of(lead, trail)
        const codec = new CharsetCodec(charset, 'text')
        let text: string | null = null
        try {
          text = decoder.decode(bytes)
        } catch {}
        // of these browsers have another reading, with a backslash or a letter of its own
        if (charset === 'big5' && trail < 0x80 && /[\ue000-\uf8ff]/.test(text ?? '')) text = null
        if (text === null) assert.throws(() => read(codec, bytes), isMalformed, bytes.toString('hex'))
        else {
          const utf8 = read(codec, bytes)
          assert.equal(utf8.toString(), text)
          assert.deepEqual(write(codec, utf8), bytes)
          characters++
        }
      }
    }
    assert.ok(characters > 13_000 && pairs.length === 126 * 191)
  })

  test(`a body in ${charset} leaves as it came, however it is cut on the way`, () => {
    const characters = [...'王小明電話號碼，。、“”0123456789<>"\\{}|[]`~ \n\tabcXYZ']
    const text = fc.array(fc.constantFrom(...characters), { maxLength: 60 }).map(list => list.join(''))
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat(200), { maxLength: 6 }),
        fc.array(fc.nat(300), { maxLength: 6 }),
        (it, a, b) => {
          const bytes = encoded(charset, it)
          const codec = new CharsetCodec(charset, 'text')
          const utf8 = read(
            codec,
            bytes,
            a.map(cut => cut % (bytes.length + 1)),
          )
          assert.equal(utf8.toString(), it)
          assert.deepEqual(
            write(
              codec,
              utf8,
              b.map(cut => cut % (utf8.length + 1)),
            ),
            bytes,
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test(`random bytes under the label ${charset} leave as they came, or are withheld`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), bytes => {
        const codec = new CharsetCodec(charset, 'text')
        let utf8: Buffer
        try {
          utf8 = read(codec, bytes)
        } catch (error) {
          assert.ok(isMalformed(error))
          return
        }
        assert.deepEqual(write(codec, utf8), Buffer.from(bytes))
        assert.equal(utf8.toString(), new TextDecoder(charset, { ignoreBOM: true }).decode(bytes))
      }),
      { numRuns: 2000 },
    )
  })
}

test('characters of four bytes are those of GB18030, and are written again where the body had some', () => {
  const decoder = new TextDecoder('gb18030', { fatal: true })
  for (let at = 0; at < 200_000; at += 7) {
    const bytes = Buffer.of(
      0x81 + Math.floor(at / 12_600),
      0x30 + (Math.floor(at / 1260) % 10),
      0x81 + (Math.floor(at / 10) % 126),
      0x30 + (at % 10),
    )
    let text = '\ufffd'
    try {
      text = decoder.decode(bytes)
    } catch {}
    for (const charset of ['gbk', 'gb18030'] as const) {
      const codec = new CharsetCodec(charset, 'text')
      if (text === '\ufffd') assert.throws(() => read(codec, bytes), isMalformed)
      else assert.deepEqual(write(codec, read(codec, bytes)), bytes, bytes.toString('hex'))
    }
  }
})

test('a broken lead byte swallows no quote, bracket or tag: the body is withheld', () => {
  for (const charset of charsets) {
    for (const follower of ['"', "'", '<', '>', '&', ',', ' ', '\n', '\0']) {
      const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xb0), Buffer.from(`${follower}"}`)])
      for (let cut = 0; cut <= bytes.length; cut++)
        assert.throws(() => read(new CharsetCodec(charset, 'json'), bytes, [cut]), isMalformed, follower)
    }
    const cut = Buffer.from('{"a":1}\xb0', 'latin1')
    assert.throws(() => read(new CharsetCodec(charset, 'json'), cut), isMalformed)
  }
})

test('a character may be written in one way in a body, whichever it is, and not in two', () => {
  for (const [charset, one, other] of [
    ['gbk', '80', 'a2e3'],
    ['gb18030', 'a1a1', 'a3a0'],
    ['big5', 'a451', 'a2cc'],
  ] as const) {
    for (const spelling of [one, other]) {
      const codec = new CharsetCodec(charset, 'text')
      const bytes = Buffer.from(`61${spelling}62${spelling}`, 'hex')
      assert.deepEqual(write(codec, read(codec, bytes)), bytes)
    }
    assert.throws(() => read(new CharsetCodec(charset, 'text'), Buffer.from(one + other, 'hex')), isMalformed)
  }
})

test('a body that is UTF-8 in truth is withheld', () => {
  const body = Buffer.from('{"xm":"张三","bj":"计算机一班"}')
  for (const charset of charsets) assert.throws(() => read(new CharsetCodec(charset, 'json'), body), isMalformed)
})

test('a character that the charset lacks is written as the format lets it be', () => {
  const made = Buffer.from('a😀é')
  assert.equal(write(new CharsetCodec('gbk', 'json'), made).toString('latin1'), 'a\\ud83d\\ude00\xa8\xa6')
  assert.equal(write(new CharsetCodec('gbk', 'markup'), made).toString('latin1'), 'a&#128512;\xa8\xa6')
  assert.equal(write(new CharsetCodec('big5', 'text'), made).toString('latin1'), 'a??')
  assert.equal(new TextDecoder('gb18030').decode(write(new CharsetCodec('gb18030', 'text'), made)), 'a😀é')
})

test('half of a character is kept, though what it stood in is written to again', () => {
  const text = Buffer.from('张三李四')
  for (let cut = 0; cut <= text.length; cut++) {
    const codec = new CharsetCodec('gbk', 'json')
    const lent = Buffer.from(text.subarray(0, cut))
    const first = Buffer.from(codec.write(lent))
    lent.fill('x')
    assert.equal(new TextDecoder('gbk').decode(Buffer.concat([first, codec.write(text.subarray(cut))])), '张三李四')
  }
})
