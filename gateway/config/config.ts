/**
 * What gateway.yaml comes to once it is read: plain data with every default filled in. Types only; made by load.ts (from
 * a file) and upstream-only.ts (from one URL), read by every room.
 *
 * Sizes are bytes, durations milliseconds, moments milliseconds since 1970, paths absolute.
 */

export type Config = {
  /** The file this came from; null for `serve --upstream`. */
  readonly file: string | null
  /** Those it names, which were read with it: certificates, keys, secrets. */
  readonly namedFiles: readonly string[]
  /** Of these, the certificates and keys of listeners and systems, which are taken up again when they change. */
  readonly renewableFiles: readonly string[]
  /** `sha256:…` of the file's bytes, for the `config` entry; of the URL for `serve --upstream`. */
  readonly digest: string
  readonly listen: ListenAddress
  readonly tls: ListenerTls | null
  /** Origin without a trailing slash; null: links and redirects are made relative. */
  readonly publicUrl: string | null
  /** null: no admin listener. */
  readonly admin: ListenAddress | null
  /** Who signs in there, and how. */
  readonly signIn: AdminSignIn
  /** The folder of policies; null: only the shipped ones. */
  readonly policies: string | null
  readonly records: string
  /** A database that gets a copy of the records; null: none. */
  readonly postgres: PostgresSettings | null
  /** Where grants and lockdowns are decided by several gateways together; null: by this one alone. */
  readonly control: ControlSettings | null
  readonly keys: string
  /** Who keeps checkpoints of the records outside their folder. */
  readonly witnesses: readonly Witness[]
  /** Who may approve: that old records are removed, grants. */
  readonly approvers: readonly Approver[]
  /** Who else may ask for grants. */
  readonly requesters: readonly Requester[]
  /** Who reviews answers that wait; null: none can. */
  readonly reviews: ReviewSettings | null
  /** What references of an authorisation look like here, and who can be asked about them. */
  readonly bases: ReadonlyMap<BasisKind, BasisRule>
  /** `x25519:…`: who alone can find people in past months' records; null: whoever has the keys folder. */
  readonly traceAuthority: string | null
  /** Days for which records are kept at least. */
  readonly retentionDays: number
  /** So many days ahead it is said what will count no more. */
  readonly expiryNoticeDays: number
  /** For so many days at most, what an older key of tokens or sessions made still comes back. */
  readonly keyOverlapDays: number
  readonly contact: string | null
  /** IANA name, e.g. `Asia/Shanghai`: where days and months begin. */
  readonly timezone: string
  /** Processes that serve, each on a core of its own; null: this one alone. */
  readonly workers: number | null
  readonly proxies: TrustedProxies
  readonly limits: Limits
  readonly systems: ReadonlyMap<string, SystemSettings>
  readonly consumers: ReadonlyMap<string, Consumer>
  /** null: callers without credentials are refused. */
  readonly anonymous: Consumer | null
}

/** `key`: `NAME+ID+BASE64` (c2sp.org/signed-note). */
export type Witness =
  | { readonly name: string; readonly folder: string }
  | { readonly name: string; readonly url: string; readonly key: string }

/** `logins`: under which this person uses systems, where they are not the name. */
export type Requester = { readonly name: string; readonly key: string; readonly logins: readonly string[] }

export type Approver = Requester & { readonly group: string }

/** What is done to an answer that waits, in this order, by three different people. */
export const reviewSteps = ['pass', 'check', 'release'] as const
export type ReviewStep = (typeof reviewSteps)[number]

export type ReviewSettings = {
  /** Whose approvers may take which step. */
  readonly groups: Readonly<Record<ReviewStep, readonly string[]>>
  /** Where answers wait, encrypted. */
  readonly folder: string
  readonly limits: ReviewLimits
}

export type ReviewLimits = {
  /** After this, an answer that was not fetched is erased. */
  readonly expire: number
  /** One that nobody has released by then is told of. */
  readonly remind: number
  /** Answers that wait at one time, bytes of all, and of each. */
  readonly answers: number
  readonly bytes: number
  readonly answer: number
}

/** A database that gets a copy of all records. */
export type PostgresSettings = PostgresAddress & {
  /** null: not encrypted. */
  readonly tls: UpstreamTls | null
  /** Put before the names of this gateway's logs, where several gateways share a database: `east-`; or nothing. */
  readonly prefix: string
}

export type PostgresAddress = {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | null
}

/** A database that gateways share, and the name of this one among them. */
export type ControlSettings = {
  readonly database: PostgresSettings
  readonly name: string
  /** All of them, by name: a use of a grant counts once more than half have it; null: once it is in the database. */
  readonly gateways: readonly string[] | null
}

/** Days ahead for which it is said what ends, where nothing else is written. */
export const usualExpiryNotice = 30
/** Days for which an older key is read, where nothing else is granted; and the most that can be. */
export const usualKeyOverlap = 30
export const longestKeyOverlap = 3650

/** Three years, as PIPL article 56 asks for: a configuration can ask for more, never for less. */
export const leastRetentionDays = 1095

export type ListenAddress = { readonly host: string; readonly port: number }

/** What an account of the admin listener is for: running the gateway, guarding it, looking on. Nobody has two. */
export const duties = ['system', 'security', 'audit'] as const
export type Duty = (typeof duties)[number]

export type AdminSignIn = {
  /** PEM contents; null: not encrypted. */
  readonly tls: Pick<ListenerTls, 'certificate' | 'key'> | null
  /** Origin under which people reach the admin listener; null: as it listens. */
  readonly publicUrl: string | null
  /** Who may stand in front of it. */
  readonly proxies: TrustedProxies
  /** The file with accounts, made by `veilgate accounts`. */
  readonly accounts: string
  /** Who knows people in place of accounts; null: nobody. */
  readonly oidc: AdminOidc | null
}

export type AdminOidc = {
  readonly issuer: string
  readonly clientId: string
  /** null: a public client. */
  readonly clientSecretFile: string | null
  readonly scope: string
  /** The claims that hold the account's name, and its roles. */
  readonly account: string
  readonly roles: string
  readonly duties: ReadonlyMap<string, Duty>
  /** Values of `acr`, and of `amr`, one of which a sign-in must have; both empty: any sign-in will do. */
  readonly strong: { readonly acr: readonly string[]; readonly amr: readonly string[] }
}

/** PEM contents. */
export type ListenerTls = {
  readonly certificate: string
  readonly key: string
  /** Who vouches for clients' certificates; null: none is asked for. */
  readonly clientCa: string | null
  /** `required`: a client without a certificate of one of these authorities gets no connection. */
  readonly clientCertificates: 'required' | 'optional'
  /** Lists of certificates that were revoked, one for each authority; null: none. */
  readonly clientCrl: string | null
  /** The file they came from, which is read again when it changes; left out: they stay as they are. */
  readonly clientCrlFile?: string
}

/** Whose word about the caller's address counts, and how many of them may stand in a row. */
export type TrustedProxies = { readonly hops: number; readonly networks: readonly string[] }

export type Limits = {
  /** Of one scalar or name in a body, as written. */
  readonly scalar: number
  readonly depth: number
  /** Bytes of a page, which is read whole (HTML). */
  readonly page: number
  readonly workbook: number
  readonly event: number
  /** Decoded bytes for each encoded byte of an answer. */
  readonly expansion: number
  readonly requestBody: number
  /** Of all bodies that are read whole at one time. */
  readonly requestBodies: number
  /** Masked output up to this is released whole, under one entry. */
  readonly answerWhole: number
  /** Beyond it, a window closes at this size or after this time. */
  readonly answerWindow: number
  readonly answerWindowTime: number
  /** Of a whole answer, decoded. */
  readonly answerBody: number
  /** Of a page's own file: a script, a picture. */
  readonly asset: number
  readonly requestTarget: number
  readonly requestHeaders: number
  readonly requestHeaderCount: number
  readonly answerHeaders: number
  /** Exchanges at one time; beyond: OVERLOADED. */
  readonly inFlight: number
  /** Client connections at one time. */
  readonly connections: number
  /** For a client to send its request head. */
  readonly clientHeaders: number
  /** For a client to send, or to take, the next bytes. */
  readonly clientIdle: number
  /** For a client to send its whole request. */
  readonly clientRequest: number
  readonly clientKeepAlive: number
  /** How long a stopping gateway waits for answers in flight. */
  readonly drain: number
  /** A file of records is closed and sealed at this size, or this age. */
  readonly recordsFile: number
  readonly recordsFileTime: number
  /** Wrong or missing credentials from one address within a minute; beyond: RATE_LIMITED. */
  readonly failedAuthentications: number
}

export type SystemSettings = {
  readonly name: string
  readonly upstream: Upstream
  /** `/xg`, without a trailing slash, stripped before forwarding; null: none. */
  readonly prefix: string | null
  /** Lower case, without port; null: any. */
  readonly host: string | null
  /** Lower case. The secret is in the keys folder: see access/keys.ts. */
  readonly proofHeader: string | null
  /** Lower case, forwarded beyond the allow-list. */
  readonly requestHeaders: readonly string[]
  /** Whether the shipped policy serves every path: no policy file of its own is needed. */
  readonly shippedPolicy: boolean
  /** Whether its answers are compressed again for callers that ask. */
  readonly compress: boolean
  /** Whether its pages say all over who looks at them. */
  readonly watermark: boolean
  /** From when it is served, and the first moment at which it is not any more. */
  readonly from: number | null
  readonly until: number | null
}

export type Upstream = {
  /** `http://10.0.0.5:8080`: no path, no trailing slash. */
  readonly origin: string
  /** What the system's paths stand under: `/app`, or the empty string. */
  readonly basePath: string
  readonly tls: UpstreamTls | null
  /** Set on every request, in place of whatever the caller sent: name in lower case, value. */
  readonly headers: ReadonlyMap<string, string>
  readonly timeouts: UpstreamTimeouts
  readonly pool: UpstreamPool
}

/** PEM contents. For https only; null where the URL is http. */
export type UpstreamTls = {
  /** null: the authorities Node ships with. */
  readonly ca: string | null
  /** null: the URL's host. */
  readonly serverName: string | null
  readonly certificate: string | null
  readonly key: string | null
}

export type UpstreamTimeouts = {
  readonly connect: number
  /** From the request's last byte to the answer's head. */
  readonly headers: number
  /** Between two pieces of the answer's body. */
  readonly idle: number
  /** For the whole exchange. */
  readonly total: number
}

export type UpstreamPool = {
  readonly connections: number
  readonly keepAlive: number
  /** Requests on one connection before the first of them is answered; 1: one after the other. */
  readonly pipelining: number
}

/** An authenticated caller, or callers without credentials under the name `anonymous`. All that is declared must hold. */
export type Consumer = {
  readonly name: string
  readonly audience: string
  /** By the name of the identity plugin that knows it: what it must find (`api_key` -> `sha256:…`). */
  readonly credentials: ReadonlyMap<string, unknown>
  /** By the name of the identity plugin that learns who the person is: what it is told. Left out: none does. */
  readonly learns?: ReadonlyMap<string, unknown>
  /** By role or group of a caller, in order: the first that it has is its audience in place of `audience`. */
  readonly audiences: ReadonlyMap<string, string>
  /** Networks in CIDR; empty: from anywhere. */
  readonly addresses: readonly string[]
  /** From where more may be seen (`terminal` in policies): networks in CIDR, `cert:` and the SHA-256 of a client certificate; empty: nowhere. */
  readonly terminals: readonly string[]
  /** Ports of the caller's end; empty: any. */
  readonly ports: readonly PortRange[]
  /** When it may call, in the configuration's timezone; empty: always. */
  readonly hours: readonly Hours[]
  /** MAC addresses of peers on the same link, lower case; empty: any. No proof, as they can be made up. */
  readonly macs: readonly string[]
  /** Trusted to say who the person behind a request is. */
  readonly namesOperators: boolean
  /** The purposes it may state; null: it may state none. */
  readonly purposes: readonly string[] | null
  /** The bases it may state; empty: none. */
  readonly bases: readonly BasisKind[]
  /** Whether it may state by parameters (`veilgate_operator=…`) what others state by headers. */
  readonly saysInQuery: boolean
  /** The same by fields of a form that it posts. */
  readonly saysInForm: boolean
  /** What it must state on every request. */
  readonly requires: readonly Statable[]
  readonly rate: Rate | null
  readonly from: number | null
  /** The first moment at which it has expired. */
  readonly until: number | null
}

export type PortRange = { readonly first: number; readonly last: number }

/** Days of the week, 0 is Sunday; minutes since midnight, `to` is the first that is out. */
export type Hours = { readonly days: readonly number[]; readonly from: number; readonly to: number }

/** `requests` in each period of `seconds`, and up to `burst` more within ten periods. */
export type Rate = { readonly requests: number; readonly seconds: number; readonly burst: number }

export const statables = ['operator', 'purpose', 'basis'] as const
export type Statable = (typeof statables)[number]

export type BasisRule = {
  /** Source of a regular expression for the whole reference; null: any that could be one. */
  readonly reference: string | null
  /** Approvers, by name, who alone may approve what is asked for on it, which then counts only with a grant; null: all may. */
  readonly approvers: ReadonlySet<string> | null
  /** null: nobody is asked. `token`: for the Authorization header. */
  readonly verify: { readonly url: string; readonly token: string | null } | null
}

export const basisKinds = [
  'work_order',
  'official_doc',
  'complaint',
  'consent',
  'lawful_request',
  'self',
  'emergency',
] as const
export type BasisKind = (typeof basisKinds)[number]
