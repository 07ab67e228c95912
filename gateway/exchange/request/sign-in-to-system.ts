/** One exchange as an identity sees it that learns who somebody is where they sign in to the system itself. */
import type { Identified } from '../../access/identify.ts'
import { type NamedDetector, readOperator } from '../../access/statement.ts'
import type { Consumer } from '../../config/config.ts'
import type { Learner, RequestHead, SystemRequest } from '../../contracts.ts'
import type { Shared } from '../parts.ts'
import { openCookies } from '../response/cookies.ts'
import type { UpstreamHeaders } from '../response/headers.ts'

type Field = { readonly name: string; readonly value: string | null }

/** A request of a consumer. `path`: under the system. */
type Asked = {
  readonly consumer: Consumer
  readonly system: string
  readonly head: RequestHead
  readonly path: string
}

/** null: nobody learns who the people of this consumer are. */
export function signInTo(
  { consumer, system, head, path }: Asked,
  { access, seal, secure }: Pick<Shared, 'access' | 'seal' | 'secure'>,
): SignInToSystem | null {
  const found = access.learner(consumer)
  if (found === null) return null
  const sent = head.headers['cookie'] ?? []
  const request = { consumer: consumer.name, system, method: head.method, path, sent, secure }
  return new SignInToSystem(found, request, openCookies(sent, { system, consumer: consumer.name }, seal))
}

export class SignInToSystem {
  readonly #learner: Learner
  readonly #source: string
  readonly #request: SystemRequest
  #login: string | null = null

  /** `cookies`: the Cookie header as the system gets it; null: none. */
  constructor(
    { learner, source }: { readonly learner: Learner; readonly source: string },
    request: Omit<SystemRequest, 'cookie'>,
    cookies: string | null,
  ) {
    const named = new Map((cookies ?? '').split('; ').map(pair => [nameOf(pair), pair.slice(pair.indexOf('=') + 1)]))
    this.#learner = learner
    this.#source = source
    this.#request = { ...request, cookie: name => named.get(name) ?? null }
  }

  /** The caller with the operator that was learnt; as it is, where whoever vouches for it names one, or none was. */
  known(caller: Identified): Identified {
    const operator = caller.operator === null ? this.#learner.operator(this.#request) : null
    return operator === null ? caller : { ...caller, operator, source: this.#source }
  }

  /**
   * Takes the login out of the form, where this is one. Logins are told apart by nothing but their letters, so that nobody
   * is two people; one that could not be on record, or that the system could read from elsewhere (`asked`: the parameters
   * of the address, which a servlet takes first), is nobody's.
   */
  read(pairs: Iterable<Field>, asked: readonly Field[], detectors: readonly NamedDetector[]): void {
    const field = this.#learner.field(this.#request)
    const [found, ...more] = field === null ? [] : [...pairs, ...asked].filter(one => couldBe(one, field))
    if (found === undefined || more.length > 0 || found.name !== field || asked.includes(found)) return
    const login = (found.value ?? '').trim().toLowerCase()
    try {
      readOperator(login, detectors)
      this.#login = login
    } catch {
      this.#login = null
    }
  }

  /** Set-Cookie of the gateway's own, to go with the answer. */
  answered(status: number, headers: UpstreamHeaders): readonly string[] {
    const given = headers['set-cookie']
    const cookies = new Map((typeof given === 'string' ? [given] : (given ?? [])).map(setBy))
    const location = headers['location']
    return this.#learner.answered(this.#request, this.#login, {
      ...{ status, cookies },
      location: typeof location === 'string' ? location : null,
    })
  }
}

/**
 * Whether some system takes this for the field: letters and digits of its name are the same, as where case does not
 * count, PHP writes `user.name` as `user_name`, a NUL ends a name or `[]` makes a list; or, where `;` parts fields, one in it has it.
 */
function couldBe({ name, value }: Field, field: string): boolean {
  const wanted = lettersOf(field)
  const names = [name, ...`${name}=${value ?? ''}`.split(/[;&\0[]/).map(part => part.split('=')[0]!)]
  return names.some(one => lettersOf(one) === wanted)
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function nameOf(pair: string): string {
  return pair.slice(0, Math.max(0, pair.indexOf('='))).trim()
}

/** Name and value of one Set-Cookie; null: it takes the cookie away. */
function setBy(text: string): [string, string | null] {
  const [pair = '', ...attributes] = text.split(';')
  const value = pair.slice(pair.indexOf('=') + 1).trim()
  const isOver = attributes.some(attribute => {
    const [key = '', given = ''] = attribute.split('=').map(part => part.trim())
    return /^max-age$/i.test(key) ? Number(given) <= 0 : /^expires$/i.test(key) && Date.parse(given) <= Date.now()
  })
  return [nameOf(pair), isOver || value === '' ? null : value]
}
