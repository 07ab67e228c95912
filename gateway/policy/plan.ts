/**
 * What a policy compiles to: for one route and one audience, everything the masking engine needs and nothing to parse.
 * Types only; made by compile.ts, read by masking/, exchange/ and access/.
 */
import type { Bilingual, Cell, Detector, Form, Level, Mask } from '../contracts.ts'

/**
 * What a request can present to see a level clear. `signed_operator`: named by whoever vouches for the caller, not by
 * the caller alone. `verified_basis`: whoever gives them out has confirmed it. `terminal`: from a place that gateway.yaml or a grant names. `strong_identity`: by a key or a second factor, not by something copied.
 */
export type Presentable =
  | 'operator'
  | 'signed_operator'
  | 'purpose'
  | 'basis'
  | 'verified_basis'
  | 'grant'
  | 'terminal'
  | 'strong_identity'

/**
 * What happens to values that no binding names. `hold`: they are read as under `scan`, and an answer that has any waits
 * until people have reviewed it.
 */
export type Unlisted = 'scan' | 'remove' | 'keep' | 'hold'

/** What a page needs besides data. */
export type AssetKind = 'styles' | 'scripts' | 'fonts' | 'images'

/** A plan is frozen, and shared by all exchanges under the same route, audience and satisfied levels. */
export type Plan = {
  readonly system: string
  readonly route: string
  readonly audience: string
  /** `sha256:…` of the policy files this came from. */
  readonly digest: string
  /** The same array for every plan of one route, so that the automaton built from it is shared. */
  readonly bindings: readonly Binding[]
  /** By type id. Bindings and detectors name types by their index here. */
  readonly types: readonly TypeRule[]
  readonly detectors: readonly DetectorRule[]
  readonly unlisted: Unlisted
  /** Rules that look at what an object holds, by the index that bindings name; the same array for every plan of one route. */
  readonly rowRules?: readonly RowRule[]
  /** `types` as they are in objects that rules raise by one level, by two and by three. */
  readonly raised?: readonly (readonly TypeRule[])[]
  /** `types` as an operator sees them in objects that are their own; left out: no rule says which are. */
  readonly own?: readonly TypeRule[]
  /** The columns of tables without a header; left out: they have one. */
  readonly columns?: readonly string[]
  /** Every answer waits until three people have reviewed it; left out: none does for that. */
  readonly review?: 'three'
  /** More rows, or people, than this need a grant. */
  readonly bulkRows: number | null
  readonly bulkPeople: number | null
  /** What becomes of error bodies that can be read. */
  readonly errors: 'mask' | 'replace'
  /** Whether a JSON text may come as the argument of a call (JSONP). */
  readonly jsonp?: true
  /** A label of the charset of bodies that declare none; null: UTF-8. */
  readonly charset: string | null
  /** Files that no format reads pass as one value of this type, an index of `types`; null: they are withheld. */
  readonly opaque: number | null
  /** What of a page's own files passes here, and nothing else does; null: this is no path of such files. */
  readonly assets: ReadonlySet<AssetKind> | null
}

/** One place in bodies, and the type of what is there. */
export type Binding = {
  readonly path: FieldPath
  readonly type: number
  /** Who named it: 0 the route, 1 the system, 2 the catalogue. The lower decides. */
  readonly step: 0 | 1 | 2
  /** Counts only where the type's detector agrees. */
  readonly weak: boolean
  /** Counts only in objects for which this rule of the plan holds, and in what is inside; left out: everywhere. */
  readonly rule?: number
  /**
   * A token that a system hands its caller (`hands_out`): it leaves sealed, as what `type` says where it cannot. `inside`: what stands
   * in place of one and is none, behind its `value` in the list.
   */
  readonly handsOut?: 'value' | 'inside'
  /** `file:line` of the rule, for `explain`. */
  readonly source: string
}

/**
 * What an object must tell of itself for this rule to hold in it and in all that is inside it, until an object inside tells
 * otherwise. Every condition has to hold.
 */
export type RowRule = {
  /** Scalars of the object by their normalised names, and which values each must have; values as foldValue makes them. */
  readonly members: readonly { readonly name: string; readonly values: ReadonlySet<string> }[]
  /** Completed years of whom the object is about, as its date of birth, age or ID number tells; null: whatever they are. */
  readonly age: { readonly from: number; readonly under: number } | null
  /** The scalar, by its normalised name, that has the login of whom an object is about: to that operator it is their own. */
  readonly own: string | null
  /** By so many levels everything typed in the object counts as higher. */
  readonly raise: 0 | 1 | 2 | 3
  /** `file:line`. */
  readonly source: string
}

/** How a value tells the age of whom an object is about. */
export type AgeWord = 'birth_date' | 'years' | 'cn_resident_id'

/**
 * A path as a sequence of steps. Names are normalised (see names.ts). Unless `exact`, arrays are looked through: an
 * element stands where its array stands.
 */
export type FieldPath = {
  readonly text: string
  /** Whether it starts at the root; otherwise it matches at any depth. */
  readonly rooted: boolean
  /** JSONPath: names and indices must match one by one. */
  readonly exact: boolean
  readonly steps: readonly PathStep[]
}

export type PathStep = {
  /** Any number of names and indices may stand before this step (`..`). */
  readonly descendant: boolean
} & ({ readonly name: string } | { readonly index: number } | { readonly wildcard: true })

/** A data type for one audience. */
export type TypeRule = {
  /** `cn_resident_id`; for a cell of its own `cell`. */
  readonly name: string
  readonly title: Bilingual
  readonly cell: Cell
  readonly level: Level
  /** `typed` has forms; `free_text` is read for spans; `not_personal` is shown, and read by checked detectors only. */
  readonly kind: 'typed' | 'free_text' | 'not_personal'
  /** 1 says most surely who the person is; null: does not go to the blind index. */
  readonly identifies: number | null
  /**
   * What this audience gets, then what follows where that hides too little, in order of strictness; never empty, ends
   * with `redact` and `remove` unless it begins later. `mask` is null for clear, redact and remove.
   */
  readonly forms: readonly FormRule[]
  /** The type's own detector, or null. */
  readonly detector: Detector | null
  /** How a value of it tells how old the person is; left out: it does not. */
  readonly tellsAge?: AgeWord
}

export type FormRule = { readonly form: Form; readonly mask: Mask | null }

/** A detector and the type of what it finds; strongest first: by level, then by `identifies`. */
export type DetectorRule = { readonly type: number; readonly detector: Detector }
