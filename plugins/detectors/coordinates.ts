import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { hasLabel, labelsOf } from './labels.ts'
import { plainSpelling } from './spelling.ts'

/** Two decimal numbers, four decimals or more each (some ten metres), with little between. */
const pair =
  /(?<![\d.])([EWNS东西南北经纬度:： ]{0,6})(-?\d{1,3}\.\d{4,15})°?([ ,，;；/|NEWSnews东西南北经纬度:：]{1,8})(-?\d{1,3}\.\d{4,15})(?![\d.])/g
/** In both of a pair. */
const decimals = /\d\.\d{4}/
const labels = labelsOf([
  '坐标',
  '经纬度',
  '定位',
  '位置',
  '经度',
  '纬度',
  '东经',
  '北纬',
  'gps',
  'lat',
  'lng',
  '地点',
  '签到点',
])
const furthest = { latitude: 90, longitude: 180 }

export const coordinates: DetectorPlugin = {
  kind: 'detector',
  name: 'coordinates',
  summary: {
    zh: '经纬度：两个四位以上小数，前面写明或带经纬方向',
    en: 'Coordinates: two numbers of four decimals or more, said to be such or with the points of the compass',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '定位：30.27415,120.15515，误差', finds: ['30.27415,120.15515'] },
    { in: '坐标（120.1551,30.2741）', finds: ['120.1551,30.2741'] },
    { in: '位于东经120.15515，北纬30.27415处', finds: ['120.15515，北纬30.27415'] },
    { in: '读数30.27415,120.15515', finds: [], why: 'nothing says what it is' },
    { in: '定位：30.27,120.15', finds: [], why: 'too coarse to tell a person' },
    { in: '坐标：230.27415,320.15515', finds: [], why: 'not on the globe' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { wide: 1, digits: 10, shape: /\d\.\d{4,15}[ ,，;；/|NEWSnews东西南北经纬度:：]{1,8}-?\d{1,3}\.\d{4}/ },
  checked: false,
  find(text) {
    const spans: Span[] = []
    if (!decimals.test(text)) return spans
    for (const found of text.matchAll(pair)) {
      const start = found.index + found[1]!.length
      const [first, second] = [Math.abs(Number(found[2])), Math.abs(Number(found[4]))]
      if (Math.min(first, second) > furthest.latitude || Math.max(first, second) > furthest.longitude) continue
      if (/[EWNS东西南北经纬]/.test(found[1]! + found[3]!) || hasLabel(text, start, labels))
        spans.push({ start, end: found.index + found[0].length })
    }
    return spans
  },
  normalize: plainSpelling,
}
