import type { AccessLogEntry } from "./access-log.ts"
import { type Filter, filterToText, kindOf, parseFilter, type Term, termOf } from "./access-log-filter-text.ts"
import { networkAround } from "./movers/dimensions.ts"
import { routeOf } from "./route.ts"
import { statusClass } from "./status-class.ts"
import { isUuid } from "./uuid.ts"

/** The terms that an entry meets, each of which a filter can be narrowed by; what it says nothing of is left out. */
export function entryTerms(entry: AccessLogEntry): Term[] {
  const { status_code: status, risk_score: risk, duration_ms: duration } = entry
  return [
    termOf("status", String(status ?? "")),
    termOf("status", statusClass(status) ?? ""),
    termOf("ip", entry.client_ip),
    termOf("ip", networkAround(entry.client_ip)),
    termOf("user", isUuid(entry.user_id) ? entry.user_id : ""),
    termOf("route", routeOf(entry.path)),
    termOf("method", entry.method),
    termOf("country", entry.country),
    termOf("ua", entry.ua_type),
    termOf("agent", entry.user_agent),
    termOf("risk", risk ? String(risk) : "", ">="),
    termOf("dur", duration ? String(duration) : "", ">="),
    termOf("identity", entry.identity_type),
    termOf("org", entry.org_id),
    termOf("trace", entry.trace_id),
  ].filter(isMeant)
}

const NO_USERS = new Map()

/** Anybody may write anything into the stream; longer values are none that a filter line could show. */
const LONGEST = 200

const isMeant = ({ key, operator, values: [value = ""] }: Term) =>
  value !== "" && value.length <= LONGEST && kindOf(key).test(value, operator, NO_USERS) !== undefined

/**
 * The filter's text with one term more. "Only this" takes the place of what was wanted of the same key, since no entry has
 * two addresses; "not this" joins what is left out already. The two take back one another. Throws as `parseFilter` does.
 */
export function withTerm(text: string, term: Term): string {
  const filter = parseFilter(text)
  return filterToText(term.negated ? withoutThese(filter, term) : onlyThese(filter, term))
}

function onlyThese(filter: Filter, term: Term): Filter {
  const isReplaced = (other: Term) => !other.negated && other.key === term.key && sameSide(other, term)
  const others = takenBack(filter, term)
  const at = others.findIndex(isReplaced)
  if (at < 0) return [...others, term]
  return others.with(at, term).filter((other, index) => index === at || !isReplaced(other))
}

function withoutThese(filter: Filter, term: Term): Filter {
  const others = takenBack(filter, term)
  const at = others.findIndex(other => other.negated && isAlike(other, term))
  const joined = others[at]
  if (joined === undefined) return [...others, term]
  return others.with(at, { ...joined, values: [...new Set([...joined.values, ...term.values])] })
}

/** Without the values of `term` where they are asked for in the opposite sense. */
const takenBack = (filter: Filter, term: Term): Filter =>
  filter.flatMap(other => {
    if (other.negated === term.negated || !isAlike(other, term)) return [other]
    const values = other.values.filter(value => !term.values.includes(value))
    return values.length > 0 ? [{ ...other, values }] : []
  })

const isAlike = (a: Term, b: Term) => a.key === b.key && a.operator === b.operator

/** Both say what is so, both the least, or both the most. */
const sameSide = (a: Term, b: Term) => a.operator[0] === b.operator[0]
