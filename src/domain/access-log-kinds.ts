import {
  containing,
  durationRange,
  exactly,
  type Range,
  riskRange,
  startingWith,
  statusRange,
  withinBlock,
} from "./access-log-values.ts"
import { networkAround } from "./ip-block.ts"
import { routeOf } from "./route.ts"
import { statusClass } from "./status-class.ts"
import { isUuid } from "./uuid.ts"

export type Operator = ":" | ">=" | ">" | "<=" | "<"

/** What the values of `user:` stand for: the value as typed -> ids of the users meant. */
export type ResolvedUsers = ReadonlyMap<string, readonly string[]>

/** A field's value: text, or a number where the entry has one. */
export type Held = string | number | null

/** What the values of a field are. */
export interface Kind<Value extends Held> {
  /** The test of a typed value; undefined when it is not what is expected. */
  readonly test: (typed: string, operator: Operator, users: ResolvedUsers) => ((held: Value) => boolean) | undefined
  /** A number, which may be compared with `>=`, `>`, `<=`, `<`. */
  readonly ordered?: true
  /** What is to be told of the comparison. */
  readonly compared?: string
  /** What testing an entry costs beside the others: cheap terms are tested first. */
  readonly cost: number
  /** What requests can have in common: the value itself, then wider groups of it; empty where a value is in none. */
  readonly groups: Readonly<Record<string, (held: Value) => string>>
  /** How these stand in a filter; `:` where it is left out. */
  readonly pivot?: Operator
  /** Whether a value can be found by a filter; any can where it is left out. */
  readonly isFound?: (value: string) => boolean
}

/** A longer one is no value that a request was meant to have. */
const LONGEST = 64
const short = (held: string) => (held.length > LONGEST ? "" : held)
const asItIs = (held: string) => held
/** A risk or a duration of 0 tells no requests apart. */
const aboveZero = (held: number | null) => (held ? String(held) : "")

const inAnyCase = "the whole of it, in any case"
const number = { ordered: true, compared: "also with >= > <= <", cost: 1 } as const

/** The kinds of values, by the name that a field has for its own. */
const KINDS = {
  whole: { test: exactly, compared: inAnyCase, cost: 2, groups: { value: short } },
  beginning: { test: startingWith, compared: "its case counts", cost: 2, groups: { value: asItIs } },
  part: { test: containing, compared: "in any case", cost: 5, groups: { value: asItIs } },
  route: { test: sameRoute, compared: inAnyCase, cost: 6, groups: { value: routeOf } },
  address: { test: withinBlock, cost: 4, groups: { value: address, network: networkAround } },
  user: { test: oneOf, cost: 3, groups: { value: short }, isFound: isUuid },
  id: { test: exactly, cost: 1, groups: {} },
  status: { ...number, test: within(statusRange), groups: { value: threeDigits, class: classOf } },
  risk: { ...number, test: within(riskRange), groups: { value: aboveZero }, pivot: ">=" },
  duration: { ...number, test: within(durationRange), groups: { value: aboveZero }, pivot: ">=" },
} as const satisfies Record<string, Kind<string> | Kind<number | null>>

export type KindName = keyof typeof KINDS

export const kindOf = (name: KindName) => KINDS[name] as Kind<Held>

function sameRoute(typed: string) {
  const holds = exactly(typed)
  return (held: string) => holds(routeOf(held))
}

/** What is no address cannot be filtered by as one. */
function address(held: string): string {
  return networkAround(held) === "" ? "" : held
}

function oneOf(typed: string, _operator: Operator, users: ResolvedUsers) {
  const ids = new Set(users.get(typed))
  return typed === "" ? undefined : (held: string) => ids.has(held)
}

/** Nothing else is a status that can be filtered by. */
function threeDigits(held: number | null): string {
  const status = held ?? 0
  return status >= 100 && status <= 999 && Number.isInteger(status) ? String(status) : ""
}

function classOf(held: number | null): string {
  return statusClass(held) ?? ""
}

/** Compares numbers with what a typed value means. No number, null, is in no range and on neither side of one. */
function within(meaning: (typed: string) => Range | undefined): Kind<number | null>["test"] {
  return (typed, operator) => {
    const [low, high] = meaning(typed) ?? []
    if (low === undefined || high === undefined) return undefined
    switch (operator) {
      case ":":
        return held => held !== null && held >= low && held <= high
      case ">=":
        return held => held !== null && held >= low
      case ">":
        return held => held !== null && held > high
      case "<=":
        return held => held !== null && held <= high
      case "<":
        return held => held !== null && held < low
    }
  }
}
