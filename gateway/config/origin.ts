import type { ValuePath } from '../policy/yaml.ts'
import type { Findings } from './findings.ts'

/** The origin of a web address; null where none is given, or with a fault. */
export function originOf(findings: Findings, at: ValuePath, text: string | undefined): string | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && /^https?:\/\/[^/?#]+\/?$/i.test(text)) {
    return url.origin
  }
  const message = { zh: '不是网址的源', en: 'not the origin of a web address' }
  const hint = { zh: '写作 https://主机，不含路径', en: 'write https://host, without a path' }
  findings.wrong(at, 'CONFIG_PUBLIC_URL', message, { hint })
  return null
}
