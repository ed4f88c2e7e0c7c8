import {
  containing,
  durationRange,
  exactly,
  partPattern,
  type Range,
  riskRange,
  startingWith,
  statusRange,
  wholePattern,
  withinBlock,
} from "./access-log-values.ts"
import type { Shorten } from "./byte-memory.ts"
import type { Operator } from "./filter-language.ts"
import { hexOf, hexRange, networkAround, networkOfHex, parseBlock } from "./ip-block.ts"
import { routeOf, shortenPath } from "./route.ts"
import type { SqlTest } from "./sql-dialect.ts"
import { statusClass } from "./status-class.ts"
import { isUuid } from "./uuid.ts"

/** Ids of the users that each value of `user:` stands for, by the value as typed. */
export type ResolvedUsers = ReadonlyMap<string, readonly string[]>

/** Value of a field: text or a number; null where the entry has no number. */
export type Held = string | number | null

/** Type of a field's values. */
export interface Kind<Value extends Held> {
  /** Returns the test for a typed value; undefined when the value is invalid. */
  readonly test: (typed: string, operator: Operator, users: ResolvedUsers) => ((held: Value) => boolean) | undefined
  /** The condition of SQL that holds for the same values; undefined when the value is invalid. */
  readonly sql: (typed: string, operator: Operator, users: ResolvedUsers) => SqlTest | undefined
  /** What the history holds beside the value, for this kind to be looked for and counted by: its column, and how it is made. */
  readonly derived?: { readonly column: string; readonly of: (held: Value) => string }
  /** Whether it is a number, which may be compared with `>=`, `>`, `<=`, `<`. */
  readonly ordered?: true
  /** How values are compared, for the help. */
  readonly compared?: string
  /** Relative cost of testing an entry: cheap terms are tested first. */
  readonly cost: number
  /** Groups that a value belongs to: the value itself, then wider ones; empty text where it belongs to none. */
  readonly groups: Readonly<Record<string, (held: Value) => string>>
  /** Shortens a value to one of the same groups, so that what they are is remembered of fewer values. */
  readonly shorten?: Shorten
  /** The same groups in SQL, as far as the history is counted by them. */
  readonly groupsSql?: Readonly<Record<string, SqlGroup>>
  /** Operator of these groups in a filter. Default: `:`. */
  readonly pivot?: Operator
  /** Whether a filter can find a value. Default: it can. */
  readonly isFound?: (value: string) => boolean
}

/** A group in SQL: an expression over the value and what is derived of it, empty for no group, and the value that a result means. */
export interface SqlGroup {
  readonly of: (value: string, derived: string) => string
  readonly read?: (result: string) => string
}

/** Maximum length of a value that is grouped: a longer one is not genuine. */
const LONGEST = 64
const short = (held: string) => (held.length > LONGEST ? "" : held)
const upTo = (longest: number): SqlGroup => ({
  of: value => `case when length(${value}) > ${longest} then '' else ${value} end`,
})
const asItIs = (held: string) => held
/** User agents are longer than other values. */
const LONGEST_AGENT = 300
/** Returns no group for a risk or a duration of 0, which distinguishes no requests. */
const aboveZero = (held: number | null) => (held ? String(held) : "")

const inAnyCase = "exact, case-insensitive"
const number = { ordered: true, compared: "also with >= > <= <", cost: 1 } as const

/** Kinds of values, by the name in a field's `kind`. */
const KINDS = {
  whole: {
    test: exactly,
    sql: whole,
    compared: inAnyCase,
    cost: 2,
    groups: { value: short },
    groupsSql: { value: upTo(LONGEST) },
  },
  beginning: { test: startingWith, sql: beginning, compared: "case-sensitive", cost: 2, groups: { value: asItIs } },
  part: {
    test: containing,
    sql: part,
    compared: "case-insensitive",
    cost: 5,
    groups: { value: asItIs },
    groupsSql: { value: upTo(LONGEST_AGENT) },
  },
  route: {
    test: sameRoute,
    sql: whole,
    derived: { column: "route", of: routeOf },
    compared: inAnyCase,
    cost: 6,
    groups: { value: routeOf },
    shorten: shortenPath,
    groupsSql: { value: { of: (_, route) => route } },
  },
  address: {
    test: withinBlock,
    sql: between,
    derived: { column: "address", of: hexOf },
    cost: 4,
    groups: { value: address, network: networkAround },
    groupsSql: {
      value: { of: (value, hex) => `case when ${hex} = '' then '' else ${value} end` },
      network: { of: (_, hex) => networkSql(hex), read: networkOfHex },
    },
  },
  user: {
    test: oneOf,
    sql: among,
    cost: 3,
    groups: { value: short },
    groupsSql: { value: upTo(LONGEST) },
    isFound: isUuid,
  },
  id: { test: exactly, sql: whole, cost: 1, groups: {} },
  status: {
    ...number,
    ...ordered(statusRange),
    groups: { value: threeDigits, class: classOf },
    groupsSql: { value: { of: threeDigitsSql } },
  },
  risk: { ...number, ...ordered(riskRange), groups: { value: aboveZero }, pivot: ">=" },
  duration: { ...number, ...ordered(durationRange), groups: { value: aboveZero }, pivot: ">=" },
} as const satisfies Record<string, Kind<string> | Kind<number | null>>

export type KindName = keyof typeof KINDS

export const kindOf = (name: KindName) => KINDS[name] as Kind<Held>

function sameRoute(typed: string) {
  const holds = exactly(typed)
  return (held: string) => holds(routeOf(held))
}

/** Returns an address; empty for other text, which cannot be filtered by as an address. */
function address(held: string): string {
  return networkAround(held) === "" ? "" : held
}

function oneOf(typed: string, _operator: Operator, users: ResolvedUsers) {
  const ids = new Set(users.get(typed))
  return typed === "" ? undefined : (held: string) => ids.has(held)
}

/** Returns a status of three digits; empty for any other, which cannot be filtered by. */
function threeDigits(held: number | null): string {
  const status = held ?? 0
  return status >= 100 && status <= 999 && Number.isInteger(status) ? String(status) : ""
}

/** The beginning of an address in hexadecimal digits that those of its network share: /24 of IPv4, /64 of IPv6. */
function networkSql(hex: string): string {
  return `case when length(${hex}) = 8 then substring(${hex}, 1, 6) when length(${hex}) = 32 then substring(${hex}, 1, 16) else '' end`
}

function threeDigitsSql(status: string): string {
  return `case when ${status} between 100 and 999 and ${status} = floor(${status}) then cast(cast(coalesce(${status}, 0) as int) as String) else '' end`
}

function classOf(held: number | null): string {
  return statusClass(held) ?? ""
}

/** Test and condition for a number. */
function ordered(meaning: (typed: string) => Range | undefined) {
  return { test: within(meaning), sql: inRange(meaning) }
}

function whole(typed: string): SqlTest {
  return (column, sql) => sql.matches(column, wholePattern(typed))
}

function part(typed: string): SqlTest | undefined {
  return typed === "" ? undefined : (column, sql) => sql.matches(column, partPattern(typed))
}

function beginning(typed: string): SqlTest | undefined {
  return typed === "" ? undefined : (column, sql) => sql.startsWith(column, typed)
}

function between(typed: string): SqlTest | undefined {
  const block = parseBlock(typed)
  if (block === undefined) return undefined
  const [first, last] = hexRange(block)
  return (column, sql) =>
    `(length(${column}) = ${first.length} and ${column} between ${sql.text(first)} and ${sql.text(last)})`
}

function among(typed: string, _operator: Operator, users: ResolvedUsers): SqlTest | undefined {
  const ids = users.get(typed) ?? []
  if (typed === "") return undefined
  return (column, sql) => (ids.length === 0 ? "1 = 0" : `${column} in (${ids.map(sql.text).join(", ")})`)
}

/** As `within`; null is in no range. */
function inRange(meaning: (typed: string) => Range | undefined): Kind<number | null>["sql"] {
  return (typed, operator) => {
    const [low, high] = meaning(typed) ?? []
    if (low === undefined || high === undefined) return undefined
    const bounds = {
      ":": [">=", low, "<=", high],
      ">=": [">=", low],
      ">": [">", high],
      "<=": ["<=", high],
      "<": ["<", low],
    }
    const [first, at, second, to] = bounds[operator]
    return column =>
      `coalesce(${column} ${first} ${at}${second === undefined ? "" : ` and ${column} ${second} ${to}`}, 1 = 0)`
  }
}

/** Returns a test that compares numbers with what a typed value means; null passes none. */
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
