import type { Masker } from '../masking/engine.ts'
import type { CharsetCodec } from './charset-codec.ts'
import type { Links } from './links.ts'

/** A masker around which charset and links are dealt with: UTF-8 goes in, and what comes out is in the body's own charset. */
export function transcoding(masker: Masker, codec: CharsetCodec | null, links: Links | null): Masker {
  if (codec === null && links === null) return masker
  const before = links?.before ?? null
  const take = (chunk: Uint8Array): Uint8Array[] => {
    const read = codec === null ? chunk : codec.read(chunk)
    return masker.write(before === null ? read : before.write(read))
  }
  const out = (piece: Uint8Array): Uint8Array => {
    const linked = links === null ? piece : links.after.write(piece)
    return codec === null ? linked : codec.write(linked)
  }
  const takeLast = (): Uint8Array[] => {
    codec?.endRead()
    return before === null ? [] : masker.write(before.end()).map(out)
  }
  const last = (pieces: Uint8Array[]): Uint8Array[] => {
    const done = pieces.map(out)
    if (links !== null) done.push(codec === null ? links.after.end() : codec.write(links.after.end()))
    codec?.endWrite()
    return done
  }
  return {
    format: masker.format,
    write: chunk => take(chunk).map(out),
    end() {
      const ahead = takeLast()
      return [...ahead, ...last(masker.end())]
    },
    finish() {
      const ahead = takeLast()
      const rest = masker.finish()
      return rest instanceof Promise ? rest.then(pieces => [...ahead, ...last(pieces)]) : [...ahead, ...last(rest)]
    },
    takeTally: () => masker.takeTally(),
    unlisted: () => masker.unlisted(),
  }
}
