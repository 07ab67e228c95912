/** Questions and answers over HTTP, as any client has them: nothing here knows of the gateway's inside. */

/** A way to come to the gateway: under what name, and with which headers. */
export type Caller = { readonly name: string; readonly headers: Readonly<Record<string, string>> }

export type Shown = {
  readonly status: number
  readonly type: string
  readonly bytes: Uint8Array
  /** In the charset that the type declares. */
  readonly text: string
}

/** What is asked; GET where there is no body. */
export type Question = { readonly path: string; readonly body?: string; readonly type?: string }

/** Asks a host, `http://…`; throws where no answer comes within 30 s. */
export async function ask(host: string, { path, body, type }: Question, headers: Caller['headers']): Promise<Shown> {
  const answer = await fetch(host + path, {
    headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
    ...(body !== undefined && { method: 'POST', body }),
  })
  const declared = answer.headers.get('content-type') ?? ''
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const charset = /charset=([\w-]+)/i.exec(declared)?.[1] ?? 'utf-8'
  return { status: answer.status, type: declared, bytes, text: new TextDecoder(charset).decode(bytes) }
}
