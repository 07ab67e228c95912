/** What references of an authorisation look like, and who can be asked about them. */
import type { BasisKind, BasisRule } from './config.ts'
import { readSecret } from './files.ts'
import type { Findings } from './findings.ts'

type WrittenBasis = {
  readonly reference?: string
  readonly verify?: { readonly url: string; readonly token_file?: string }
}
export type WrittenBases = Readonly<Partial<Record<BasisKind, WrittenBasis>>>

/** By kind, as written. */
export function basesFrom(findings: Findings, written: WrittenBases = {}): ReadonlyMap<BasisKind, BasisRule> {
  return new Map(
    Object.entries(written).map(([kind, { reference = null, verify }]) => {
      const at = ['bases', kind]
      if (reference !== null && !isPattern(reference))
        findings.wrong([...at, 'reference'], 'CONFIG_BASIS', words.pattern)
      if (verify !== undefined && !isSafe(verify.url))
        findings.wrong([...at, 'verify', 'url'], 'CONFIG_BASIS', words.url)
      const file = verify?.token_file
      const token = file === undefined ? null : readSecret(findings, [...at, 'verify', 'token_file'], file)
      return [kind as BasisKind, { reference, verify: verify === undefined ? null : { url: verify.url, token } }]
    }),
  )
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
  pattern: { zh: '不是正则表达式', en: 'this is no regular expression' },
  url: {
    zh: '地址应以 https:// 开头（本机可用 http://）',
    en: 'the URL begins with https:// (http:// on this machine)',
  },
}
