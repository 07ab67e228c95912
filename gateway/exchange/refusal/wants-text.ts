import type { RequestHead } from '../../contracts.ts'

/** Whether a caller is better told in words than in JSON: a browser that opens a page or a frame, and whoever asks for text and not for JSON. */
export function wantsText({ headers }: RequestHead): boolean {
  const accept = headers['accept']?.join(',') ?? ''
  return /text\/(?:plain|html)/i.test(accept) && !/json/i.test(accept)
}
