import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { corpus } from '../support/corpora.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'
import { readXml } from './read-xml.ts'

const nothing = planOf({ types: {}, unlisted: 'keep' })
const plan = planOf({
  fields: { xm: 'name', 'p.tel': 'name', gone: 'gone' },
  types: { name: {}, gone: { form: 'remove' } },
})

/** Written down once more, so that the test does not believe the plan. */
function isTyped(path: readonly string[]): boolean {
  return path.some((name, at) => name === 'xm' || (name === 'tel' && path[at - 1] === 'p'))
}

const letters = fc.string({
  unit: fc.constantFrom('a', '7', '张', '&', '<', '>', '"', "'", ']', ' ', '\n', '😀'),
  minLength: 1,
  maxLength: 8,
})
const names = fc.constantFrom('a', 'p', 'tel', 'xm', 'gone', 'n:xm', 'n:b')

function escaped(text: string, seed: number): string {
  if (seed % 4 === 1 && !text.includes(']]>')) return `<![CDATA[${text}]]>`
  const all = seed % 4 === 2
  return [...text].map(one => (all || /[&<>"'\n]/.test(one) ? `&#x${one.codePointAt(0)!.toString(16)};` : one)).join('')
}

const { document } = fc.letrec<{ document: string; content: string }>(tie => ({
  content: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(letters, fc.nat()).map(([text, seed]) => escaped(`S${text}S`, seed)),
    tie('document'),
    fc.constantFrom('<!-- SaS -->', '<?p SaS?>', '\n  ', ''),
  ),
  document: fc
    .tuple(
      names,
      fc.uniqueArray(fc.tuple(fc.constantFrom('xm', 'b', 'id'), letters), { selector: ([name]) => name, maxLength: 2 }),
      fc.array(tie('content'), { maxLength: 4 }),
    )
    .map(([name, attributes, content]) => {
      const written = attributes.map(([key, text]) => ` ${key}="${escaped(`S${text}S`, 2)}"`).join('')
      return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join('')}</${name}>`
    }),
}))

test('of any document only typed values change, and those all', () => {
  fc.assert(
    fc.property(document, fc.array(fc.nat(400), { maxLength: 3 }), (inner, cuts) => {
      const body = `<r xmlns:n="urn:n">${inner}</r>`
      const bytes = Buffer.from(body)
      const ordered = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b)
      const after = readXml(maskBody(plan, bytes, ordered, 'xml').bytes.toString())
      const expected = readXml(body)
        .filter(({ path }) => !path.includes('gone'))
        .map(one => (isTyped(one.path) ? { ...one, value: '***' } : one))
      assert.deepEqual(after, expected)
    }),
    { numRuns: 300 },
  )
})

test('what no plan names leaves as it came, but for comments and instructions', () => {
  fc.assert(
    fc.property(document, inner => {
      const body = `<r xmlns:n="urn:n">${inner}</r>`
      const expected = body.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\?p[\s\S]*?\?>/g, one =>
        one.startsWith('<![') ? one : '',
      )
      assert.equal(maskText(nothing, body, 'xml'), expected)
    }),
    { numRuns: 200 },
  )
})

for (const name of ['soap', 'fhir']) {
  const { path, skip } = corpus(name)
  const files = skip ? [] : (readdirSync(path, { recursive: true }) as string[]).filter(file => file.endsWith('.xml'))

  describe(`the documents of ${name}`, { skip }, () => {
    for (const file of files) {
      const body = readFileSync(`${path}/${file}`, 'utf8')
      // Parts of a MIME message are no XML.
      if (body.startsWith('--')) {
        test(`${file} is withheld`, () => assert.throws(() => maskText(nothing, body, 'xml')))
        continue
      }
      test(`${file} leaves as it came where nothing is named`, () => {
        assert.equal(maskText(nothing, body, 'xml'), body.replace(/<!--[\s\S]*?-->/g, ''))
      })
      test(`${file} keeps all but what is named`, () => {
        const named = ['family', 'given', 'birthDate', 'DummyFirst', 'First_Name', 'Message']
        const some = planOf({
          fields: Object.fromEntries(named.map(one => [one, 'n'])),
          types: { n: {} },
          unlisted: 'keep',
        })
        const covered = (one: string) => named.includes(one)
        const expected = readXml(body).map(one => (one.path.some(covered) ? { ...one, value: '***' } : one))
        const inner = (text: string) => text.replace(/(<First_Name>)[^<]*/, '$1***')
        assert.deepEqual(
          readXml(maskText(some, body, 'xml')),
          expected.map(one => ({ ...one, value: inner(one.value) })),
        )
      })
    }
  })
}
