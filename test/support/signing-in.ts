import { get } from './https-client.ts'

/** As much of a browser as a sign-in needs: cookies by host and port, redirects, forms. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  /** Cookies kept for an origin, as they would be sent. */
  cookies(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async open(
    url: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<{ url: string; status: number; body: string }> {
    for (let hops = 0, [at, post] = [url, form]; hops < 20; hops++, post = undefined) {
      const { origin } = new URL(at)
      const body = post === undefined ? '' : String(new URLSearchParams(post))
      const got = await get(at, {
        method: post === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html',
          cookie: this.cookies(origin),
          ...(post !== undefined && {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': body.length,
          }),
        },
        body,
      })
      this.#keep(origin, [got.headers['set-cookie'] ?? []].flat() as string[])
      const location = got.headers['location']
      if (got.status < 300 || got.status >= 400 || typeof location !== 'string') return { url: at, ...got }
      at = new URL(location, at).href
    }
    throw new Error('too many redirects')
  }

  #keep(origin: string, values: readonly string[]): void {
    const kept = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, kept)
    for (const value of values) {
      const [pair = ''] = value.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(value)) kept.delete(pair.slice(0, at))
      else kept.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
}
