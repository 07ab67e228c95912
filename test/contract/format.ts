/** What every format promises, whatever it reads. A format's tests hand it bodies of their own kind. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { FieldCursor, FormatPlugin, Reader } from '../../gateway/contracts.ts'
import { limits, maskBody } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

export type FormatBodies = {
  /** Read without a fault. `scalars` is how many the body holds. */
  readonly harmless: readonly { readonly body: string; readonly scalars: number }[]
  readonly malformed: readonly string[]
  /** A body of about this many bytes in pieces, for the test of memory. */
  readonly endless: (bytes: number) => Iterable<Uint8Array>
  /** Read whole: bounded by `limits.page` instead. */
  readonly whole?: true
}

const nothing = planOf({ types: {}, unlisted: 'keep' })

export function formatContract(plugin: FormatPlugin, { harmless, malformed, endless, whole }: FormatBodies): void {
  describe(`the format ${plugin.name}`, () => {
    test('leaves a body alone where nothing is masked', () => {
      for (const { body } of harmless) assert.equal(maskBody(nothing, body, [], plugin).bytes.toString(), body)
    })

    test('gives the same at every split of a body', () => {
      for (const { body } of harmless) {
        const bytes = Buffer.from(body)
        for (let cut = 0; cut <= bytes.length; cut++) {
          assert.equal(maskBody(nothing, bytes, [cut], plugin).bytes.toString(), body)
        }
        fc.assert(
          fc.property(fc.array(fc.nat(bytes.length)), cuts => {
            const ordered = cuts.sort((a, b) => a - b)
            assert.equal(maskBody(nothing, bytes, ordered, plugin).bytes.toString(), body)
          }),
        )
      }
    })

    test('offers each scalar exactly once', () => {
      for (const { body, scalars } of harmless) assert.equal(offers(plugin, body), scalars, body)
    })

    test('throws on what it cannot read, wherever it is cut', () => {
      for (const body of malformed) {
        for (let cut = 0; cut <= Buffer.byteLength(body); cut++) {
          assert.throws(() => maskBody(nothing, body, [cut], plugin), body)
        }
      }
    })

    test('holds a bounded part of a body of any size', () => {
      if (whole) {
        assert.throws(() => maskPieces(plugin, endless(limits.page + 1)), { code: 'too_large' })
        return
      }
      let held = 0
      let most = 0
      const reader = plugin.create({})(countingCursor(() => {}))
      for (const piece of endless(32 << 20)) {
        held += piece.length
        for (const part of reader.write(piece)) held -= part.length
        most = Math.max(most, held)
      }
      for (const part of reader.end()) held -= part.length
      assert.equal(held, 0)
      assert.ok(most < 1 << 20, `held ${most} bytes`)
    })
  })
}

function maskPieces(plugin: FormatPlugin, pieces: Iterable<Uint8Array>): void {
  const reader = plugin.create({})(countingCursor(() => {}))
  for (const piece of pieces) reader.write(piece)
}

/** How many scalars a format offers of a body. */
function offers(plugin: FormatPlugin, body: string): number {
  let offered = 0
  const reader: Reader = plugin.create({})(countingCursor(() => offered++))
  reader.write(Buffer.from(body))
  reader.end()
  return offered
}

/** A cursor that wants to see every scalar and changes none. */
function countingCursor(seen: () => void): FieldCursor {
  return {
    limits,
    digitsNeeded: 1,
    root: 0,
    roles: 0,
    isLabel: () => false,
    hasColumns: () => false,
    described: () => 0,
    keyIsPersonal: false,
    replacement: '',
    member: () => 0,
    memberNamed: () => 0,
    namesField: () => false,
    isOftenValue: () => false,
    isToldByName: () => false,
    key: () => 'keep',
    element: () => 0,
    beginElement() {},
    endElement() {},
    beginSibling() {},
    endSibling() {},
    beginSiblings: () => true,
    repeated: () => 0,
    edits: null,
    treatment: () => 'mask',
    standing: () => 'mask',
    hides: () => true,
    mayMatch: () => true,
    removed() {},
    part: () => null,
    waits: false,
    lookAhead: 0,
    decides: () => false,
    settle: place => place,
    plan: {},
    prefilter: { digits: 1, joined: false, at: true, wide: true, code: true, shaped: [], shapeless: null },
    looksThrough: () => true,
    byteRule: () => null,
    carriedOut() {},
    carryOut: () => 'keep',
    person: () => ({}),
    personIn: () => ({}),
    maskBy: () => ({ outcome: 'redact', text: '', asRule: false, person: null }),
    nesting: 0,
    settles: () => false,
    settled() {},
    passedRows() {},
    sealed: () => null,
    sealedToken: () => null,
    sealedBoxes: () => null,
    scalar() {
      seen()
      return 'keep'
    },
  }
}
