/**
 * Sentences written by hand, as notices, chats, wards, courts and logs have them, for which no detector was tuned. In the
 * file `{n 张伟}` marks a value and its type by a letter; `{i}` is put in by the generator, so that its check is right.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chanceFrom } from '../../test/support/made-up/chance.ts'
import { kinds } from '../../test/support/made-up/texts.ts'
import type { Sentence } from './measure.ts'

const types: Readonly<Record<string, string>> = {
  n: 'person_name',
  a: 'address',
  i: 'cn_resident_id',
  m: 'cn_mobile',
  b: 'bank_card',
  e: 'email',
  l: 'landline_number',
  p: 'vehicle_plate',
  h: 'passport_number',
  q: 'qq_number',
  w: 'wechat_id',
  s: 'student_number',
  c: 'credential',
  v: 'verification_code',
  r: 'medical_record_number',
  o: 'ip_address',
  x: 'mac_address',
  u: 'cn_credit_code',
  g: 'vin',
  f: 'intl_phone',
  k: 'iban',
  j: 'staff_number',
  t: 'insurance_policy_number',
  y: 'certificate_of_study_number',
}

/** In the first file every second sentence is looked at while detectors are made, in the second none; in the others they were once measured. */
export type File = 'sentences.txt' | 'more-sentences.txt' | 'unseen-sentences.txt' | 'newest-sentences.txt'

/** Those of one file, by the heading they stand under. */
export function sentences(seed: number, file: File = 'sentences.txt'): ReadonlyMap<string, readonly Sentence[]> {
  const byStyle = new Map<string, Sentence[]>()
  const chance = chanceFrom(seed)
  let style = ''
  for (const line of readFileSync(join(import.meta.dirname, file), 'utf8').split('\n')) {
    if (line.startsWith('# ')) style = line.slice(2)
    else if (style !== '' && line !== '') byStyle.set(style, [...(byStyle.get(style) ?? []), parsed(line)])
  }
  return byStyle

  function parsed(line: string): Sentence {
    const values: { start: number; end: number; type: string }[] = []
    let text = ''
    let done = 0
    for (const { 0: mark, 1: letter, 2: written, index } of line.matchAll(/\{([a-z])(?: ([^}]*))?\}/g)) {
      const type = types[letter!]
      if (type === undefined) throw new Error(`no type has the letter ${letter}`)
      text += line.slice(done, index)
      const value = written ?? kinds[type]!.make(chance)
      values.push({ start: text.length, end: text.length + value.length, type })
      text += value
      done = index + mark.length
    }
    return { text: text + line.slice(done), values }
  }
}
