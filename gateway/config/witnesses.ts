/** Who keeps checkpoints of the records elsewhere, and who may approve that old records are removed. */
import { createHash } from 'node:crypto'
import { personName } from '../person-name.ts'
import type { Approver, Requester, Witness } from './config.ts'
import type { Findings } from './findings.ts'

export type WrittenWitness = { readonly folder?: string; readonly url?: string; readonly key?: string }
export type WrittenRequester = { readonly key: string; readonly logins?: readonly string[] }
export type WrittenApprover = WrittenRequester & { readonly group: string }

/** Witnesses by name, as written. */
export function witnessesFrom(findings: Findings, written: Readonly<Record<string, WrittenWitness>> = {}): Witness[] {
  return Object.entries(written).flatMap(([name, { folder, url, key }]): Witness[] => {
    const path = ['witnesses', name]
    if (folder !== undefined && url === undefined && key === undefined)
      return [{ name, folder: findings.absolute(folder) }]
    if (url === undefined || key === undefined || folder !== undefined) {
      findings.wrong(path, 'CONFIG_WITNESS', words.shape)
      return []
    }
    if (!isHttp(url)) findings.wrong([...path, 'url'], 'CONFIG_WITNESS', words.url)
    if (!isVerifierKey(key, 4)) findings.wrong([...path, 'key'], 'CONFIG_WITNESS', words.key)
    return [{ name, url, key }]
  })
}

/** Approvers by name, as written. */
export function approversFrom(findings: Findings, written: Readonly<Record<string, WrittenApprover>> = {}): Approver[] {
  return Object.entries(written).map(([name, { key, group, logins = [] }]) => {
    if (!isVerifierKey(key, 1)) findings.wrong(['approvers', name, 'key'], 'CONFIG_APPROVER', words.approver)
    return { name, key, group, logins }
  })
}

/** Those who may ask for grants, by name, as written. Nobody has two names: who asks could then approve. */
export function requestersFrom(
  findings: Findings,
  written: Readonly<Record<string, WrittenRequester>> = {},
  approvers: readonly Approver[],
): Requester[] {
  const keys = new Set<string>()
  // logins count without regard to capitals
  const names = new Set<string>()
  /** Whether somebody before had this key, or one of these names. */
  const isTaken = ({ name, key, logins }: Requester): boolean => {
    const [own, bytes] = [new Set([name, ...logins].map(personName)), bytesOf(key)]
    const taken = keys.has(bytes) || [...own].some(one => names.has(one))
    keys.add(bytes)
    for (const one of own) names.add(one)
    return taken
  }
  for (const one of approvers)
    if (isTaken(one)) findings.wrong(['approvers', one.name, 'key'], 'CONFIG_APPROVER', words.twice)
  return Object.entries(written).map(([name, { key, logins = [] }]) => {
    const [path, requester] = [['requesters', name], { name, key, logins }]
    if (!isVerifierKey(key, 1)) findings.wrong([...path, 'key'], 'CONFIG_APPROVER', words.approver)
    if (isTaken(requester)) findings.wrong(path, 'CONFIG_APPROVER', words.twice)
    return requester
  })
}

/** The key without the name that stands before it: under another name it is the same person's. */
function bytesOf(key: string): string {
  return key.slice(key.indexOf('+', key.indexOf('+') + 1) + 1)
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

/** `NAME+ID+BASE64` of c2sp.org/signed-note, of an Ed25519 key that signs (1), or cosigns as a witness (4). */
function isVerifierKey(text: string, type: 1 | 4): boolean {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text) ?? []
  if (name === undefined) return false
  const key = Buffer.from(encoded!, 'base64')
  const hash = createHash('sha256').update(`${name}\n`).update(key).digest('hex')
  return key.length === 33 && key[0] === type && hash.startsWith(id!)
}

const words = {
  shape: {
    zh: '见证方写作 { folder: 路径 }，或 { url: 地址, key: 公钥 }',
    en: 'a witness is { folder: PATH }, or { url: URL, key: KEY }',
  },
  url: { zh: '见证方的地址应以 https:// 或 http:// 开头', en: 'the URL of a witness begins with https:// or http://' },
  key: {
    zh: '不是见证方的公钥；veilgate witness 启动时会显示它',
    en: 'this is no key of a witness; veilgate witness prints its own when it starts',
  },
  twice: {
    zh: '同一人（同一公钥，或名称、登录名相同而只有大小写之别）只能出现一次；批准人本来就可以申请',
    en: 'one person, by key or by name or login but for capitals, stands here once; approvers may ask as they are',
  },
  approver: {
    zh: '不是批准人的公钥；请运行 veilgate keys approver',
    en: 'this is no key of an approver; veilgate keys approver makes one',
  },
}
