import type { MaskPlugin } from '../../gateway/contracts.ts'

/** A transparent PNG of one pixel (ISO/IEC 15948), 67 bytes: every viewer scales it to the place it is shown in. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const dataUri = /^\s{0,8}data:image\/[a-z0-9.+-]{1,32}(?:;[a-z0-9=._-]{1,64}){0,4},/i
/** How PNG, JPEG, GIF, WebP, BMP and TIFF begin, in base64. */
const encoded = /^\s{0,8}(?:iVBORw0KGgo|\/9j\/|R0lGOD[dl]h|UklGR|Qk[0-9]|Qk[A-Za-z+/]{2}|SUkqA|TU0AK)/
const base64 = /^[A-Za-z0-9+/_\-\s]{16,}={0,2}\s{0,8}$/

export const blankImage: MaskPlugin<object> = {
  kind: 'mask',
  name: 'blank_image',
  summary: {
    zh: '图片（data: URI 或 base64）换成一个透明像素，页面不会破损；不是图片的改用更严的形式',
    en: 'An image (a data: URI or base64) becomes one transparent pixel, so that pages stay whole; what is no image takes the stricter form',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { options: {}, in: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', out: `data:image/png;base64,${pixel}` },
    { options: {}, in: 'data:image/svg+xml,%3Csvg/%3E', out: `data:image/png;base64,${pixel}` },
    { options: {}, in: '/9j/4AAQSkZJRgABAQEAYABgAAD', out: pixel, why: 'a JPEG in base64' },
    { options: {}, in: '/photos/2026010001.jpg', out: null, why: 'a path: the image is somewhere else' },
    { options: {}, in: 'data:text/plain,hello', out: null, why: 'no image' },
  ],
  create: () => ({
    isMasked: text => text.trim().endsWith(pixel),
    mask(value) {
      const isUri = dataUri.test(value)
      if (!isUri && !(encoded.test(value) && base64.test(value))) return null
      const shown = isUri ? `data:image/png;base64,${pixel}` : pixel
      return value.trim() === shown ? null : shown
    },
  }),
}
