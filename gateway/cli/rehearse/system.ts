/** The system that is rehearsed: one URL, or as gateway.yaml names it, with its certificates, credentials and limits. */
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { readKeyFile } from '../../access/key-files.ts'
import { KeyFault } from '../../access/keys.ts'
import type { Config, SystemSettings } from '../../config/config.ts'
import { onlySystem, upstreamOnly } from '../../config/upstream-only.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Io, say, UsageError } from '../command.ts'
import { installedConfig } from '../installed-config.ts'

const words = {
  upstream: { zh: '--upstream 应为 http 或 https 地址。', en: '--upstream takes an http or https URL.' },
  ca: {
    zh: '--ca 只与 --upstream 同用；gateway.yaml 中系统的 ca 已包括在内。',
    en: '--ca goes with --upstream; what gateway.yaml has as `ca` of the system is used by itself.',
  },
  system: (known: readonly string[]): Bilingual => ({
    zh: `请用 --system 指明 gateway.yaml 中的系统；有：${known.join('、')}`,
    en: `Name a system of gateway.yaml by --system: ${known.join(', ')}`,
  }),
  noProof: {
    zh: '注意：无权读取密钥目录中该系统的 proof_header 密钥，请求将不带它发出；系统若核对它，会拒绝。',
    en: 'Note: the secret of the proof_header of this system in the keys folder cannot be read: requests go without it, and a system that asks for it will refuse them.',
  },
  unreadable: (file: string): Bilingual => ({ zh: `无法读取 ${file}。`, en: `Cannot read ${file}.` }),
  noCertificate: (file: string): Bilingual => ({
    zh: `${file} 中没有 PEM 格式的证书。`,
    en: `${file} holds no certificate in PEM.`,
  }),
}

export type SystemAsked = {
  /** null: `config` names it. */
  readonly upstream: string | null
  readonly config: string | null
  readonly ca: string | null
  readonly policies: string | null
  readonly system: string | null
}

export type SystemFound = {
  readonly system: SystemSettings
  /** null: the shipped policy. */
  readonly policies: string | null
  /** null: the usual ones. */
  readonly limits: Config['limits'] | null
}

/** Prints what is wrong, and returns null, where a file or gateway.yaml is wrong. Throws UsageError. */
export async function systemToAsk(asked: SystemAsked, io: Io): Promise<SystemFound | null> {
  return asked.upstream === null ? await fromConfig(asked, io) : await fromUrl(asked, asked.upstream, io)
}

async function fromUrl({ ca: file, policies: folder, system: name }: SystemAsked, url: string, io: Io) {
  const plain = upstreamOnly(url, { directory: io.cwd })?.systems.get(onlySystem)
  if (plain === undefined) throw new UsageError(words.upstream)
  const ca = file === null ? null : await certificateIn(file, io)
  if (file !== null && ca === null) return null
  const { tls } = plain.upstream
  const upstream = { ...plain.upstream, tls: tls === null ? null : { ...tls, ca } }
  const policies = folder === null ? null : resolve(io.cwd, folder)
  const system = { ...plain, name: name ?? onlySystem, upstream, shippedPolicy: policies === null }
  return { system, policies, limits: null }
}

async function fromConfig(asked: SystemAsked, io: Io): Promise<SystemFound | null> {
  if (asked.ca !== null) throw new UsageError(words.ca)
  const config = await installedConfig(asked.config ?? undefined, io)
  if (typeof config === 'number') return null
  const names = [...config.systems.keys()]
  const settings = config.systems.get(asked.system ?? (names.length === 1 ? names[0]! : ''))
  if (settings === undefined) throw new UsageError(words.system(names))
  const { upstream, proofHeader } = settings
  const proof = proofHeader === null ? null : await proofIn(config.keys, settings.name, io)
  const headers = proof === null ? upstream.headers : new Map([...upstream.headers, [proofHeader!, proof]])
  const system = {
    ...settings,
    upstream: { ...upstream, headers },
    // requests are those of the system itself, whether or not it is served by now
    ...{ prefix: null, host: null, proofHeader: null, from: null, until: null },
  }
  const policies = asked.policies === null ? config.policies : resolve(io.cwd, asked.policies)
  return { system, policies, limits: config.limits }
}

async function proofIn(keys: string, name: string, io: Io): Promise<string | null> {
  try {
    return await readKeyFile(join(keys, `proof-${name}.secret`))
  } catch (error) {
    if (!(error instanceof KeyFault)) throw error
    io.stderr(`${say(words.noProof, io.lang)}\n`)
    return null
  }
}

/** The text of a file; null, and that said, where it cannot be read. */
export async function textOf(file: string, io: Io): Promise<string | null> {
  try {
    return await readFile(resolve(io.cwd, file), 'utf8')
  } catch {
    io.stderr(`${say(words.unreadable(file), io.lang)}\n`)
    return null
  }
}

async function certificateIn(file: string, io: Io): Promise<string | null> {
  const text = await textOf(file, io)
  if (text === null || text.includes('-----BEGIN CERTIFICATE-----')) return text
  io.stderr(`${say(words.noCertificate(file), io.lang)}\n`)
  return null
}

/** As whoever gave it knows a folder of policies. */
export function shownFrom(io: Io, folder: string): string {
  return relative(io.cwd, folder) || '.'
}
