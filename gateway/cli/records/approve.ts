import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { openNote, parseSigner } from '../../records/proof/note.ts'
import { parsePruneRequest } from '../../records/proof/prune-request.ts'
import { parseTraceRequest } from '../../records/proof/trace-request.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'

/** Adds a person's signature to a request. It needs nothing but the two files: it can be done on another machine. */
export const command: Command = {
  name: 'records approve',
  summary: { zh: '为删除记录或溯源的申请签名', en: 'sign a request to remove records, or to trace people in them' },
  usage: `FILE --key SECRET
    FILE            the request, as veilgate records prune or trace --ask wrote it; the signature is added to it
    --key SECRET    the approver's secret key (veilgate keys approver)`,
  async run(args, io) {
    const { values, positionals } = parse(() =>
      parseArgs({ args: [...args], options: { key: { type: 'string' } }, allowPositionals: true }),
    )
    if (positionals.length !== 1 || values.key === undefined) throw new UsageError(words.usage)
    const [path, key] = [resolve(io.cwd, positionals[0]!), resolve(io.cwd, values.key)]
    const [note, secret] = [read(path), read(key)]
    const text = note === null ? null : textOf(note)
    if (text === null || (parsePruneRequest(text) ?? parseTraceRequest(text)) === null) return unable(words.request, io)
    const signer = secret === null ? null : parseSigner(secret.trim())
    if (signer?.verifier.type !== 1) return unable(words.key, io)
    if (openNote(Buffer.from(note!), [signer.verifier]) !== null) return unable(words.already, io)
    appendFileSync(path, signer.sign(text))
    io.stdout(`${text}\n`)
    io.stderr(`${say(words.signed(signer.verifier.name), io.lang)}\n`)
    return exit.well
  },
}

/** Of a request without a signature yet, or with some. */
function textOf(note: string): string | null {
  const end = note.indexOf('\n\n')
  return end < 0 ? null : note.slice(0, end + 1)
}

function read(path: string): string | null {
  return existsSync(path) && statSync(path).size <= 64 * 1024 ? readFileSync(path, 'utf8') : null
}

const words = {
  usage: { zh: '请给出申请文件，并用 --key 给出私钥文件。', en: 'Give the request, and the secret key by --key.' },
  request: {
    zh: '这不是删除记录或溯源的申请，或已损坏。',
    en: 'This is no request to remove records or to trace people, or it is damaged.',
  },
  key: { zh: '这不是批准人的私钥。', en: 'This is no secret key of an approver.' },
  already: { zh: '此人已经签过名。', en: 'This person has signed it already.' },
  signed: (name: string): Bilingual => ({ zh: `已由 ${name} 签名。`, en: `Signed by ${name}.` }),
}
