import type { Masker } from '../masking/engine.ts'
import type { CharsetCodec } from './charset-codec.ts'
import type { LinkRewriter } from './links.ts'

/** A masker around which charset and links are dealt with: UTF-8 goes in, and what comes out is in the body's own charset. */
export function transcoding(masker: Masker, codec: CharsetCodec | null, links: LinkRewriter | null): Masker {
  if (codec === null && links === null) return masker
  const out = (piece: Uint8Array): Uint8Array => {
    const linked = links === null ? piece : links.write(piece)
    return codec === null ? linked : codec.write(linked)
  }
  const last = (pieces: Uint8Array[]): Uint8Array[] => {
    const done = pieces.map(out)
    if (links !== null) done.push(codec === null ? links.end() : codec.write(links.end()))
    codec?.endWrite()
    return done
  }
  return {
    format: masker.format,
    write: chunk => masker.write(codec === null ? chunk : codec.read(chunk)).map(out),
    end() {
      codec?.endRead()
      return last(masker.end())
    },
    finish() {
      codec?.endRead()
      const rest = masker.finish()
      return rest instanceof Promise ? rest.then(last) : last(rest)
    },
    takeTally: () => masker.takeTally(),
    unlisted: () => masker.unlisted(),
  }
}
