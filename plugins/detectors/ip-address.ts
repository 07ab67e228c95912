import { isIPv6 } from 'node:net'
import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { spelled } from './spelling.ts'

const v4 =
  /(?<![0-9A-Za-z.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![0-9A-Za-z]|\.\d|-\d)/g
const v6 = /(?<![0-9A-Za-z:.])[0-9A-Fa-f:]{9,39}(?![0-9A-Za-z:.])/g
/**
 * RFC 6890: this host, loopback, multicast, reserved and broadcast; and by custom networks and their routers, which end in
 * 0, 1, 254 and 255.
 */
const nobody = /^(?:0|127|22[4-9]|23\d|24\d|25\d)\.|\.(?:0|1|254|255)$/
/** What stands before a number of a version or section. */
const notAnAddress = /(?:\bv|ver|version|release|build|版本|版本号|第|章|节)[\s:：.=]{0,3}$/i

export const ipAddress: DetectorPlugin = {
  kind: 'detector',
  name: 'ip_address',
  summary: {
    zh: 'IP 地址：IPv4，以及写出四个冒号以上的 IPv6；不含环回、组播等',
    en: 'IP addresses: version 4, and version 6 with four colons or more; none that is nobody’s, as loopback',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '来自10.21.3.8，端口8080', finds: ['10.21.3.8'] },
    { in: 'client 240e:36a:1400:a000:7c2d::15 logged in', finds: ['240e:36a:1400:a000:7c2d::15'] },
    { in: '192.168.1.20:8443', finds: ['192.168.1.20'] },
    { in: 'v1.20.300.7', finds: [], why: 'a version' },
    { in: '版本号：10.2.3.4', finds: [], why: 'a version' },
    { in: '127.0.0.1, 10.0.0.1', finds: [], why: 'nobody’s: loopback, a router' },
    { in: '1.3.6.1.4.1.311', finds: [], why: 'an object identifier' },
    { in: '256.1.1.1', finds: [] },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { code: true, shape: /\d\.\d{1,3}\.\d{1,3}\.\d|(?::[0-9A-Fa-f]{0,4}){4}/ },
  checked: false,
  find(text) {
    const spans: Span[] = []
    for (const { 0: found, index } of text.includes('.') ? text.matchAll(v4) : []) {
      if (nobody.test(found) || notAnAddress.test(text.slice(Math.max(0, index - 12), index))) continue
      spans.push({ start: index, end: index + found.length })
    }
    for (const { 0: found, index } of text.includes(':') ? text.matchAll(v6) : []) {
      if (colonsIn(found) >= 4 && isIPv6(found)) spans.push({ start: index, end: index + found.length })
    }
    return spans.sort((a, b) => a.start - b.start)
  },
  normalize: value => spelled(detector, value, found => found.toLowerCase()),
}

function colonsIn(text: string): number {
  return text.split(':').length - 1
}
