import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseListen } from '../config/quantities.ts'
import type { Bilingual } from '../contracts.ts'
import { startWitness, type WitnessServer, WitnessStartFault } from '../records/witness/server.ts'
import { type Command, exit, type Io, say, UsageError, unable } from './command.ts'
import { parse } from './options.ts'
import { outliveReaders } from './outlive-readers.ts'
import { broughtBy } from './records/evidence.ts'
import { stopSignal } from './serve/stop-signal.ts'

export const command: Command = {
  name: 'witness',
  summary: {
    zh: '作为见证方运行：记住各日志的检查点，只为其延续签名',
    en: 'run a witness: it remembers the checkpoints of logs, and signs only what continues them',
  },
  usage: `--log KEY [--log KEY ...] [--state DIR] [--listen HOST:PORT] [--name NAME]
    --log KEY          public key of a log (veilgate keys log-key), or a file of keys
    --state DIR        its own key and what it remembers; ./witness if left out
    --listen HOST:PORT 127.0.0.1:8090 if left out; put TLS in front to have HTTPS
    --name NAME        of its key, when it is made; witness/HOST if left out`,
  async run(args, io) {
    outliveReaders()
    const text = { type: 'string' } as const
    const options = { log: { type: 'string', multiple: true }, state: text, listen: text, name: text } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const { keys } = broughtBy({ key: values.log ?? [] }, io)
    const address = parseListen(values.listen ?? '127.0.0.1:8090')
    const logs = keys.filter(key => key.type === 1)
    const name = values.name ?? `witness/${hostname().replace(/[^A-Za-z0-9.-]/g, '-')}`
    if (logs.length === 0 || address === null || !/^[^\s+]{1,128}$/.test(name)) throw new UsageError(words.usage)
    const onJudged = (origin: string, size: number, status: number): void => {
      if (status !== 200) io.stderr(`${say(words.refused(origin, size, status), io.lang)}\n`)
    }
    const directory = resolve(io.cwd, values.state ?? 'witness')
    let witness: WitnessServer
    try {
      witness = await startWitness({ ...address, directory, name, logs, onJudged })
    } catch (error) {
      return unable(wordsOf(error, directory), io)
    }
    const stop = stopSignal()
    show(witness, address.host, io)
    await stop.first
    await witness.close()
    stop.done()
    return exit.well
  },
}

function show({ key, port }: WitnessServer, host: string, io: Io): void {
  io.stdout(`${say(words.started(host, port), io.lang)}\n\n${key}\n`)
}

function wordsOf(error: unknown, directory: string): Bilingual {
  if (error instanceof WitnessStartFault) return words[error.why](directory)
  const code = String((error as NodeJS.ErrnoException | null)?.code ?? 'unknown')
  return words.failed(directory, code)
}

const words = {
  usage: {
    zh: '请用 --log 给出至少一个日志的公钥；--listen 写作 主机:端口。',
    en: 'Give the public key of at least one log by --log; --listen takes HOST:PORT.',
  },
  started: (host: string, port: number): Bilingual => ({
    zh: `见证方在 http://${host}:${port} 上等候。在网关的 gateway.yaml 中写明：witnesses: { 名称: { url: 地址, key: 公钥 } }；核验时用 --witness。它的公钥：`,
    en: `The witness waits at http://${host}:${port}. In gateway.yaml of a gateway: witnesses: { NAME: { url: URL, key: KEY } }; to verify: --witness KEY. Its key:`,
  }),
  refused: (origin: string, size: number, status: number): Bilingual => ({
    zh: `没有为 ${origin} 的 ${size} 条签名（${status}）`,
    en: `did not sign ${size} records of ${origin} (${status})`,
  }),
  locked: (directory: string): Bilingual => ({
    zh: `目录 ${directory} 正被另一个见证方使用。`,
    en: `The folder ${directory} is in use by another witness.`,
  }),
  key: (directory: string): Bilingual => ({
    zh: `${directory}/witness.signer 已损坏，请从备份恢复。`,
    en: `${directory}/witness.signer is damaged; restore it from a backup.`,
  }),
  state: (directory: string): Bilingual => ({
    zh: `${directory} 中记住的检查点已损坏，或由另一密钥签署。从头开始会为分叉签名，因此不启动；请从备份恢复。`,
    en: `A checkpoint remembered in ${directory} is damaged, or signed by another key. Starting from nothing could sign a fork, so it does not start; restore it from a backup.`,
  }),
  failed: (directory: string, code: string): Bilingual => ({
    zh: `见证方无法启动（${code}）：请检查 ${directory} 的权限与 --listen 的地址。`,
    en: `The witness cannot start (${code}): see to the permissions of ${directory} and the address of --listen.`,
  }),
}
