/** What happens to grants, as it is on record. */
import type { BasisKind } from './config/config.ts'

/** What a grant allows, as it is asked for, approved and put on record. */
export type GrantTerms = {
  /** 22 characters, random (access/grants/random-id.ts): nobody can ask for it before it was made. */
  readonly id: string
  /** Who asks, by name in gateway.yaml; for whom, as `Veilgate-Operator` will say. */
  readonly requester: string
  readonly operator: string
  readonly consumer: string
  /** The consumer's when it was asked for: the grant is void with another. */
  readonly audience: string
  readonly purpose: string | null
  /** A grant is never a basis: the request states one beside it, and it is this one. */
  readonly basis: { readonly kind: BasisKind; readonly ref: string | null }
  readonly system: string
  /** The policy's template. */
  readonly route: string
  /** `POST`: it asks by its body, for which `query` stands as well. Left out: GET. */
  readonly method?: 'POST'
  /** What stands for the one target that may be asked: see `queryIndex` in access/grants/attempt.ts. 43 characters. */
  readonly query: string
  /** `cn_resident_id@A4:clear`, sorted; whatever is not here is masked as for a request that presents nothing. */
  readonly sees: readonly string[]
  /** Rows at the most. The people in them are not counted beside: a row can speak of several. */
  readonly rows: number
  /** Of the answer: `json`; null: any. */
  readonly format: string | null
  /** Networks in CIDR, and `cert:` with the SHA-256 of a client certificate. Of each kind that is there one must fit. */
  readonly terminals: readonly string[]
  /** UTC, as in records. `until` is excluded. */
  readonly from: string
  readonly until: string
  /** Breaking the glass: one approval will do, and a review is due. */
  readonly emergency: boolean
  readonly made: string
}

/**
 * `turned_away`: an approval that does not count, as this kind of basis has approvers of its own. `compared`: whether it is for
 * a target was asked.
 */
export const grantActions = [
  'asked',
  'approved',
  'refused',
  'revoked',
  'reviewed',
  'used',
  'expired',
  'voided',
  'turned_away',
  'compared',
] as const

/** Signed by the person, but for what the gateway does itself (`grant` in gateway/records/README.md). */
export type GrantEvent = {
  readonly kind: 'grant'
  readonly action: (typeof grantActions)[number]
  readonly grant: string
  /** Who did it, with the group that counted; null: the gateway. */
  readonly person: string | null
  readonly group: string | null
  /** UTC: the time in the text that was signed; and the signature, in base64. */
  readonly signed: string | null
  readonly signature: string | null
  /** Of `asked`. */
  readonly terms?: GrantTerms | null
  /** Of `used`: from where. */
  readonly address?: string | null
}
