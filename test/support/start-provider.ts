import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, type JWK } from 'jose'
import Provider from 'oidc-provider'

/** A real OpenID provider (oidc-provider) on 127.0.0.1. */
export type TestProvider = {
  readonly issuer: string
  /** An access token (RFC 9068) by client credentials; `resource`: for whom. */
  token(resource?: string): Promise<string>
  /** From now on keys are others, and those before are gone. */
  rotate(): Promise<void>
  /** Its keys, private ones too: for forgeries. */
  readonly key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly kid: string }
  /** Requests for its keys so far. */
  fetches(): number
  /** Nobody answers any more; `resume` on the same port. */
  stop(): Promise<void>
  resume(): Promise<void>
}

export const audience = 'https://gateway.example.edu.cn'
const client = { id: 'portal', secret: 'a-secret-of-tests-only-0123456789' }

/**
 * `callback`: of a client `browsers`, by which people sign in with any password. `groupsOf`: of a login, in its ID token.
 */
export async function startProvider(
  callback?: string,
  groupsOf: (login: string) => readonly string[] = () => [],
): Promise<TestProvider> {
  let handler: ReturnType<Provider['callback']>
  let [fetches, generation] = [0, 0]
  let server: Server
  let port = 0
  let key: TestProvider['key']
  const listen = async () => {
    server = createServer((request, response) => {
      if (request.url === '/jwks') fetches++
      handler(request, response)
    })
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const rotate = async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    key = { ...pair, kid: `k${++generation}` }
    const jwk = { ...(await exportJWK(pair.privateKey)), kid: key.kid, alg: 'RS256', use: 'sig' }
    handler = new Provider(`http://127.0.0.1:${port}`, {
      ...configurationOf(jwk, callback),
      claims: { openid: ['sub', 'groups'] },
      findAccount: (_context: unknown, login: string) => ({
        accountId: login,
        claims: () => ({ sub: login, groups: groupsOf(login) }),
      }),
    }).callback()
  }
  await listen()
  const issuer = `http://127.0.0.1:${port}`
  await rotate()
  return {
    issuer,
    rotate,
    get key() {
      return key
    },
    fetches: () => fetches,
    async token(resource = audience) {
      const answer = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'api' }),
      })
      const { access_token: token } = (await answer.json()) as { access_token: string }
      return token
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
    resume: listen,
  }
}

function configurationOf(jwk: JWK, callback?: string): object {
  return {
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      ...(callback === undefined
        ? []
        : [{ client_id: 'browsers', token_endpoint_auth_method: 'none', redirect_uris: [callback] }]),
    ],
    scopes: ['api'],
    features: {
      devInteractions: { enabled: callback !== undefined },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          audience: resource,
          scope: 'api',
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}
