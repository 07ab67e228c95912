/** Writes a large log as a gateway would have, without waiting for the disk: entries, batches, files, sealed but for the last. */
import { hash } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AccessDraft } from '../../gateway/records/entry.ts'
import { serialise } from '../../gateway/records/entry.ts'
import { fileName } from '../../gateway/records/files/files.ts'
import { Batch } from '../../gateway/records/log/batch.ts'
import { beforeFirst, sealBatch } from '../../gateway/records/log/frame.ts'
import { compress, newDraftId, replacePlain } from '../../gateway/records/sealing/sealing.ts'
import { personText, shortIndex } from '../../gateway/subject.ts'
import type { Access } from './staff.ts'

const fileBytes = 64 * 1024 * 1024
const routes = Array.from({ length: 20 }, (_, nth) => `/api/students/{id}/part-${nth}`)
const policy = `sha256:${'ab'.repeat(32)}`

/** `sealed`: so many entries are in sealed files. */
export type LogWriter = { write(access: Access): void; end(): { records: number; bytes: number; sealed: number } }

type IndexOf = (person: number, time: number, value: number) => string

/**
 * @param index the blind index of a person in an answer of this time, by the first, second or third value that says who it is.
 * @param seal whether files are sealed, which costs most of the time.
 * @param batchRecords how many records each sync made durable.
 */
export function logWriter(directory: string, log: string, index: IndexOf, seal: boolean, batchRecords = 64): LogWriter {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  let [seq, batch, first, prev, file, size, total, sealed] = [0, 0, 0, beforeFirst, 1, 0, 0, 0]
  let lines: string[] = []
  const flush = (): void => {
    if (lines.length === 0) return
    const text = `${lines.join('\n')}\n`
    const made = sealBatch(Batch.of(text, lines.length), { batch: batch++, first, prev })
    prev = made.sha256
    appendFileSync(join(directory, fileName(log, file)), made.bytes, { mode: 0o600 })
    size += made.bytes.length
    total += made.bytes.length
    first = seq
    lines = []
    if (size >= fileBytes) next()
  }
  const next = (): void => {
    const path = join(directory, fileName(log, file))
    const id = newDraftId()
    if (seal && compress({ log, number: file, path, sealed: false }, id) !== null) {
      replacePlain(path, id)
      sealed = seq
    }
    file++
    size = 0
  }
  return {
    write(access) {
      const made = serialise(draftOf(access, index), { log, seq, time: new Date(access.time).toISOString() })
      lines.push(...made)
      seq += made.length
      if (lines.length >= batchRecords) flush()
    },
    end() {
      flush()
      return { records: seq, bytes: total, sealed }
    },
  }
}

function draftOf({ time, staff, people, clear }: Access, index: IndexOf): AccessDraft {
  const mark = hash('sha256', `${staff} ${time}`, 'hex')
  const nth = Number.parseInt(mark.slice(0, 4), 16)
  const form = clear ? 'clear' : 'partial'
  const text = (person: number): string => {
    const indexes = [0, 1, 2].map(value => shortIndex(index(person, time, value)))
    const shown = { mostVisible: form, strictest: form } as const
    return personText(indexes.join(''), shown, [shown, shown])
  }
  return {
    kind: 'access',
    consumer: `oa-${staff % 4}`,
    operator: `u${1000 + staff}`,
    address: `10.1.${staff % 8}.${20 + (staff % 200)}`,
    system: people.length > 1 ? 'reports' : 'student-affairs',
    route: routes[nth % routes.length]!,
    method: 'GET',
    purpose: 'enrolment',
    basis: clear ? { kind: 'work_order', ref: `WO-2026-${(nth * 7) % 10_000}`, verified: false } : null,
    grant: people.length > 1 && nth % 16 === 0 ? `g-${mark.slice(0, 8)}` : null,
    status: 200,
    upstreamStatus: 200,
    format: 'json',
    bytes: [900 + (nth % 4000), 850 + (nth % 3900)],
    rows: people.length,
    fields: {
      'cn_resident_id@A4': { [form]: people.length },
      'cn_mobile@A3': { [form]: people.length },
      'person_name@A3': { partial: people.length },
    },
    searched: [],
    subjects: { count: people.length, index: people.map(text) },
    policy,
    outcome: nth % 500 === 0 ? 'withheld' : 'released',
    code: nth % 500 === 0 ? 'FORMAT_MALFORMED' : null,
  }
}
