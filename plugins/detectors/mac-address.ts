import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { spelled } from './spelling.ts'

/** IEEE 802: six pairs of hexadecimal digits; longer rows (digests, IPv6) are none. */
const address =
  /(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})(?![0-9A-Za-z]|[:-][0-9A-Fa-f])/g

export const macAddress: DetectorPlugin = {
  kind: 'detector',
  name: 'mac_address',
  summary: { zh: 'MAC 地址（冒号或短横线分隔）', en: 'MAC addresses, parted by colons or hyphens' },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '终端 00:1A:2B:3C:4D:5E 上线', finds: ['00:1A:2B:3C:4D:5E'] },
    { in: 'eth0 00-1a-2b-3c-4d-5e', finds: ['00-1a-2b-3c-4d-5e'] },
    { in: '00:00:00:00:00:00 and FF:FF:FF:FF:FF:FF', finds: [], why: 'nobody in particular' },
    { in: '09:30:00 12:15:00', finds: [], why: 'times' },
    { in: 'AA:BB:CC:DD:EE:FF:00:11', finds: [], why: 'a longer row' },
    { in: '00:1A:2B-3C-4D-5E', finds: [], why: 'two ways at once' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { code: true, shape: /[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}/ },
  checked: false,
  find(text) {
    const spans: Span[] = []
    if (!text.includes(':') && !text.includes('-')) return spans
    for (const { 0: found, index } of text.matchAll(address)) {
      if (/^(?:00[:-]?)+$|^(?:ff[:-]?)+$/i.test(found)) continue
      spans.push({ start: index, end: index + found.length })
    }
    return spans
  },
  normalize: value => spelled(detector, value, found => found.toLowerCase().replaceAll('-', ':')),
}
