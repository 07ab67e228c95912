/** What references of an authorisation look like, and who can be asked about them. */
import type { Approver, BasisKind, BasisRule } from './config.ts'
import { readSecret } from './files.ts'
import type { Findings } from './findings.ts'
import { mayBeSlow } from './slow-pattern.ts'

type WrittenBasis = {
  readonly reference?: string
  readonly approvers?: readonly string[]
  readonly verify?: { readonly url: string; readonly token_file?: string }
}
export type WrittenBases = Readonly<Partial<Record<BasisKind, WrittenBasis>>>

/** By kind, as written. */
export function basesFrom(
  findings: Findings,
  written: WrittenBases = {},
  approvers: readonly Approver[] = [],
): ReadonlyMap<BasisKind, BasisRule> {
  return new Map(
    Object.entries(written).map(([kind, { reference = null, verify, approvers: named }]) => {
      const at = ['bases', kind]
      if (reference !== null && !isPattern(reference))
        findings.wrong([...at, 'reference'], 'CONFIG_BASIS', words.pattern)
      else if (reference !== null && mayBeSlow(reference))
        findings.wrong([...at, 'reference'], 'CONFIG_BASIS', words.slow)
      if (verify !== undefined && !isSafe(verify.url))
        findings.wrong([...at, 'verify', 'url'], 'CONFIG_BASIS', words.url)
      const file = verify?.token_file
      const token = file === undefined ? null : readSecret(findings, [...at, 'verify', 'token_file'], file)
      const own = named === undefined ? null : ownApprovers(findings, [...at, 'approvers'], named, approvers)
      const asked = verify === undefined ? null : { url: verify.url, token }
      return [kind as BasisKind, { reference, approvers: own, verify: asked }]
    }),
  )
}

/** Named each, or by their group. With fewer than two groups of them nothing could ever be approved. */
function ownApprovers(
  findings: Findings,
  at: readonly string[],
  named: readonly string[],
  approvers: readonly Approver[],
): ReadonlySet<string> {
  for (const [nth, one] of named.entries())
    if (!approvers.some(({ name, group }) => name === one || group === one))
      findings.wrong([...at, nth], 'CONFIG_BASIS', words.nobody)
  const own = approvers.filter(({ name, group }) => named.includes(name) || named.includes(group))
  if (new Set(own.map(({ group }) => group)).size < 2) findings.wrong(at, 'CONFIG_BASIS', words.groups)
  return new Set(own.map(({ name }) => name))
}

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`, 'u')
    return true
  } catch {
    return false
  }
}

/** References and logins go there: encrypted, unless it is on this machine. */
function isSafe(url: string): boolean {
  return URL.canParse(url) && /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$))/.test(url)
}

const words = {
  nobody: { zh: '不是批准人，也不是其组名', en: 'this is neither an approver nor a group of them' },
  groups: {
    zh: '批准须两个不同组的人：请列出至少两组的批准人',
    en: 'two approvals are of two groups: name approvers of two groups at least',
  },
  pattern: { zh: '不是正则表达式', en: 'this is no regular expression' },
  slow: {
    zh: '被重复的括号里又有重复或选择，个别编号会核对很久而使网关停顿；请改写，如 (?:[A-Z]+-?)+ 改为 [A-Z-]+',
    en: 'it repeats a group that has choices or repetitions in it, so that some references would hold up the gateway for hours; write [A-Z-]+ for (?:[A-Z]+-?)+',
  },
  url: {
    zh: '地址应以 https:// 开头（本机可用 http://）',
    en: 'the URL begins with https:// (http:// on this machine)',
  },
}
