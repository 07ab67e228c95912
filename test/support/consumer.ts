/** Consumers, as gateway.yaml would declare them. */
import type { Consumer } from '../../gateway/config/config.ts'
import { hashApiKey } from '../../plugins/identities/api-key.ts'

/** A consumer that declares nothing beyond what is given. */
export function consumer(name: string, given: Partial<Consumer> = {}): Consumer {
  return {
    name,
    audience: 'public',
    credentials: new Map(),
    audiences: new Map(),
    addresses: [],
    terminals: [],
    ports: [],
    hours: [],
    macs: [],
    namesOperators: false,
    purposes: null,
    bases: [],
    saysInQuery: false,
    saysInForm: false,
    requires: [],
    rate: null,
    from: null,
    until: null,
    ...given,
  }
}

/** Credentials: this key, as it is kept. */
export const withKey = (key: string) => new Map([['api_key', hashApiKey(key)]])
