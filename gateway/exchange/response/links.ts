/**
 * Links to a system, in the bodies it sends, become links to where callers reach it: the system's own address is of no use
 * to them, and tells where to go around the gateway.
 */

import type { TextLinks } from '../../contracts.ts'

/** One body's links being rewritten, in pieces of any size. Works on any charset in which ASCII is ASCII. */
export type LinkRewriter = { write(piece: Uint8Array): Uint8Array; end(): Uint8Array }

/** What is done with links in one body that is masked. */
export type Links = {
  /** Before it is masked, where the system's address would be masked itself; null: nothing. */
  readonly before: LinkRewriter | null
  readonly after: LinkRewriter
}

/** The same for texts by themselves, each of which is whole. */
export function linksInText(links: () => Links): TextLinks {
  const rewritten = (text: string, rewriter: LinkRewriter) =>
    Buffer.concat([rewriter.write(Buffer.from(text)), rewriter.end()]).toString()
  return {
    before(text) {
      const { before } = links()
      return before === null ? text : rewritten(text, before)
    },
    after: text => rewritten(text, links().after),
  }
}

/** Stands for a system that has a number for a name while its body is masked: a name that is nobody's (RFC 2606). */
const stand = 'http://system.veilgate.invalid'

/** One way of writing an address, and what takes its place. */
type Spelling = {
  readonly from: Buffer
  readonly to: Buffer
  /** What takes its place where nothing follows and `to` is empty: the root. */
  readonly root: Buffer
  readonly slash: Buffer
  readonly hostAt: number
  readonly schemed: boolean
}

/** How a slash and a colon are written: plain, in JSON that escapes slashes, and in a parameter of another URL. */
const writings: readonly (readonly [slash: string, colon: string])[] = [
  ['/', ':'],
  ['\\/', ':'],
  ['%2F', '%3A'],
  ['%2f', '%3a'],
]

/**
 * A rewriter for each body of a system. `upstreamOrigin`: `http://10.0.0.5:8080`; `upstreamBase`: the path under it, or
 * empty; `publicBase`: what stands for both, `https://xg.example.edu.cn/xg`, or a path, or empty. Rewritten are links with
 * the system's scheme and those that leave it out (`//host/`), wherever they stand in a text, the host in lower case;
 * not those outside of the base path, which callers cannot reach, nor other ports of the host.
 */
export function linksOf(upstreamOrigin: string, upstreamBase: string, publicBase: string): () => Links {
  // loopback is nobody's, so that no detector finds it
  const isNumber = /^\[(?!::1\])|^(?!127\.)[\d.]+$/.test(new URL(upstreamOrigin).hostname)
  if (!isNumber) {
    const after = rewriters(upstreamOrigin, upstreamBase, publicBase)
    return () => ({ before: null, after: after() })
  }
  const [before, after] = [rewriters(upstreamOrigin, upstreamBase, stand), rewriters(stand, '', publicBase)]
  return () => ({ before: before(), after: after() })
}

function rewriters(origin: string, upstreamBase: string, publicBase: string): () => LinkRewriter {
  const { protocol, host, hostname, port } = new URL(origin)
  const hosts = port === '' ? [`${hostname}:${protocol === 'https:' ? 443 : 80}`, host] : [host]
  const spellings = writings.flatMap(([slash, colon]) => {
    const written = (text: string) => text.replaceAll(':', colon).replaceAll('/', slash)
    return hosts.flatMap(name =>
      [protocol, ''].map(scheme => {
        const ahead = written(`${scheme}//`)
        const from = Buffer.from(ahead + written(name + upstreamBase))
        const parts = { to: Buffer.from(written(publicBase)), root: Buffer.from(written(publicBase) || slash) }
        const found = { from, hostAt: ahead.length }
        return { ...parts, ...found, slash: Buffer.from(slash), schemed: scheme !== '' }
      }),
    )
  })
  // of two that fit the longer is meant: with its scheme, with its port
  spellings.sort((one, other) => other.from.length - one.from.length)
  const sought = soughtHost(hostname)
  return () => new Rewriter(spellings, sought)
}

/** A host, and what of it is looked for first: a few bytes of it, from the one on that is rarest in texts. */
type Host = { readonly bytes: Buffer; readonly sought: Buffer; readonly soughtAt: number }

/** What hosts are made of, the rarest first, as bodies of data go. */
const rarest = '_-qzxjkvwybf.ghpmuldcrsnoitae[]9876543210:'
/** Node finds up to so many bytes by their first, many at once: ten times as fast as more, which it finds by steps of a host's length. */
const mostSought = 7

function soughtHost(hostname: string): Host {
  const bytes = Buffer.from(hostname)
  const first = [...hostname].sort((one, other) => rarest.indexOf(one) - rarest.indexOf(other))[0]!
  const soughtAt = hostname.indexOf(first)
  return { bytes, sought: bytes.subarray(soughtAt, soughtAt + mostSought), soughtAt }
}

/** A byte that goes on with a host, a port or a segment: then this is another address. */
const goesOn = /^(?:[\w~@-]|[.:]\w)/
/** What stands ahead of `//` that has a scheme of its own, or is part of a path. */
const joins = /[\w:/\\]|%3a/i

const nothing = new Uint8Array(0)

/** First bytes of all ways of writing an address. */
const begins = Uint8Array.from({ length: 256 }, (_, byte) => ('h/\\%'.includes(String.fromCharCode(byte)) ? 1 : 0))

class Rewriter implements LinkRewriter {
  readonly #spellings: readonly Spelling[]
  /** Begins every way of writing the host. */
  readonly #host: Host
  readonly #longest: number
  /** Ends with the three bytes that were passed on last, for what has to be known of what stood ahead. */
  #ahead = ''
  #held: Uint8Array = nothing

  constructor(spellings: readonly Spelling[], host: Host) {
    this.#spellings = spellings
    this.#longest = spellings[0]!.from.length + 1
    this.#host = host
  }

  write(piece: Uint8Array): Uint8Array {
    if (piece.length === 0) return piece
    const bytes = piece instanceof Buffer ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    return this.#rewrite(this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]), false)
  }

  end(): Uint8Array {
    if (this.#held.length === 0) return nothing
    return this.#rewrite(Buffer.from(this.#held), true)
  }

  #rewrite(bytes: Buffer, ended: boolean): Uint8Array {
    const out: Uint8Array[] = []
    const keep = ended ? bytes.length : this.#undecided(bytes)
    let done = 0
    for (let at = this.#find(bytes, 0); at >= 0 && at < keep; at = this.#find(bytes, at + 1)) {
      const found = this.#spellings.find(spelling => this.#fits(bytes, at, done, spelling))
      if (found === undefined) continue
      const end = at - found.hostAt + found.from.length
      const rooted = bytes.subarray(end, end + found.slash.length).equals(found.slash)
      out.push(bytes.subarray(done, at - found.hostAt), rooted ? found.to : found.root)
      done = end
    }
    this.#ahead = (this.#ahead + latin1(bytes, Math.max(0, keep - 3), keep)).slice(-3)
    this.#held = keep === bytes.length ? nothing : Uint8Array.prototype.slice.call(bytes, keep)
    // most bodies have no link
    if (done === 0 && keep === bytes.length) return bytes
    out.push(bytes.subarray(done, keep))
    return out.length === 1 ? out[0]! : Buffer.concat(out)
  }

  /** Where the host stands next; negative: nowhere. */
  #find(bytes: Buffer, from: number): number {
    const { bytes: host, sought, soughtAt } = this.#host
    for (let at = bytes.indexOf(sought, from + soughtAt); at >= 0; at = bytes.indexOf(sought, at + 1)) {
      const start = at - soughtAt
      if (start + host.length > bytes.length) return -1
      if (bytes.compare(host, 0, host.length, start, start + host.length) === 0) return start
    }
    return -1
  }

  #fits(bytes: Buffer, at: number, done: number, { from, hostAt, schemed }: Spelling): boolean {
    const start = at - hostAt
    if (start < done || !bytes.subarray(start, start + from.length).equals(from)) return false
    if (goesOn.test(latin1(bytes, start + from.length, start + from.length + 2))) return false
    const ahead = (this.#ahead + latin1(bytes, Math.max(0, start - 3), start)).slice(-3)
    return schemed ? !/\w$/.test(ahead) : !(joins.test(ahead.slice(-1)) || /%3a$/i.test(ahead))
  }

  /** Where an address begins that may not be all there, with the byte behind it; the length where there is none. */
  #undecided(bytes: Buffer): number {
    for (let start = Math.max(0, bytes.length - this.#longest); start < bytes.length; start++) {
      if (begins[bytes[start]!] === 0) continue
      for (const { from } of this.#spellings) {
        const shared = Math.min(bytes.length - start, from.length)
        // two bytes behind it decide whether it goes on
        if (bytes.length - start < from.length + 2 && from.compare(bytes, start, start + shared, 0, shared) === 0)
          return start
      }
    }
    return bytes.length
  }
}

function latin1(bytes: Buffer, from: number, to: number): string {
  // a few bytes only: to ask Node for them costs ten times as much
  let text = ''
  for (let at = from; at < to && at < bytes.length; at++) text += String.fromCharCode(bytes[at]!)
  return text
}
