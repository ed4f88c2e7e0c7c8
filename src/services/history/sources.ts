import type { HistoryStore } from "../../adapters/history/store.ts"
import type { Gateway } from "../../adapters/redis/connections.ts"
import type { Filter } from "../../domain/access-log-filter.ts"
import type { ResolvedUsers } from "../../domain/access-log-kinds.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { isUuid } from "../../domain/uuid.ts"
import type { HistoryContext, OperationContext, Stores } from "../operation.ts"
import { resolveUsers } from "../users/user-names.ts"

/** The log of a gateway: the stream and its history, or without Redis the history alone. */
export interface GatewayLog {
  /** The gateway's name; empty where there is one that nobody named. */
  readonly name: string
  readonly gateway?: Gateway
  readonly history?: HistoryStore | undefined
}

/** What the log is read from: the log of each gateway. */
export interface LogSources extends Pick<Stores, "history" | "signal"> {
  readonly logs: readonly GatewayLog[]
  /** Returns the ids of the users that each of these terms means. Throws DeckError. */
  usersOf(terms: readonly string[]): Promise<ResolvedUsers>
}

/** The log for an operator: of the gateways that are asked for by name, as `gatewaysNamed` has them. */
export const wholeLog = (context: OperationContext, names?: readonly string[]): LogSources => ({
  history: context.history,
  logs: gatewaysNamed(context.redis.gateways, names).map(gateway => ({
    name: gateway.name,
    gateway,
    history: context.history?.of(gateway.name),
  })),
  signal: context.signal,
  usersOf: terms => resolveUsers(context, terms),
})

/**
 * The log for whoever may read the history's files: of the gateways that are asked for by name, as `gatewaysNamed` has them. Names of users,
 * which PostgreSQL has, are refused.
 */
export const historyAlone = ({ history, gateways, signal }: HistoryContext, names?: readonly string[]): LogSources => ({
  history,
  logs: gatewaysNamed(gateways, names).map(({ name }) => ({ name, history: history.of(name) })),
  signal,
  async usersOf(terms) {
    const name = terms.find(term => !isUuid(term))
    if (name === undefined) return new Map(terms.map(term => [term, [term.toLowerCase()]]))
    const message = `"${name}" is no id, and names are in PostgreSQL, which --history-only does not ask: write user:ID`
    throw new DeckError("invalid", message, { field: "filter" })
  },
})

/** Whether anything was recorded of any of the gateways. */
export async function isRecorded({ logs }: Pick<LogSources, "logs">): Promise<boolean> {
  const held = await Promise.all(logs.map(({ history }) => history?.newest()))
  return held.some(newest => newest !== undefined)
}

/**
 * The gateways that are asked for by name, all of them unless any is. Throws DeckError "invalid" for a name that the profile does not
 * list.
 */
export function gatewaysNamed<Gateway extends { readonly name: string }>(
  gateways: readonly Gateway[],
  names: readonly string[] = [],
): readonly Gateway[] {
  const unknown = names.find(name => !gateways.some(gateway => gateway.name === name))
  if (unknown !== undefined) throw new DeckError("invalid", noGateway(unknown, gateways), { field: "gateway" })
  return names.length === 0 ? gateways : gateways.filter(({ name }) => names.includes(name))
}

/** Refuses a filter for requests of a gateway that none of these is: nothing would pass it. Throws DeckError "invalid". */
export function refuseUnknownGateways(filter: Filter, gateways: readonly { readonly name: string }[]): void {
  const known = new Set(gateways.map(({ name }) => name.toLowerCase()))
  const wanted = filter.filter(({ key, negated }) => key === "gateway" && !negated)
  for (const { values } of wanted) {
    if (values.some(value => known.has(value.toLowerCase()))) continue
    throw new DeckError("invalid", noGateway(values[0] ?? "", gateways), { field: "filter" })
  }
}

function noGateway(name: string, gateways: readonly { readonly name: string }[]): string {
  const known = gateways.map(gateway => gateway.name).filter(known => known !== "")
  return known.length === 0
    ? "this deployment has one gateway: the profile lists none"
    : `there is no gateway ${name}; the profile lists ${known.join(", ")}`
}

/** Why a gateway cannot be read. */
export interface Unread {
  readonly name: string
  readonly error: unknown
}

/** The error of those of several gateways that cannot be read, with the option that reads the others. */
export function unreadError(unread: readonly Unread[], gateways: readonly { readonly name: string }[]): DeckError {
  const failures = gateways.flatMap(({ name }) => unread.filter(one => one.name === name))
  const others = gateways.filter(({ name }) => failures.every(one => one.name !== name))
  const reasons = failures.map(({ name, error }) => `gateway ${name}: ${asDeckError(error).message}`)
  const options = others.map(({ name }) => `--gateway ${name}`).join(" ")
  const remedy = others.length === 0 ? [] : [`${options} reads ${others.length === 1 ? "the other" : "the others"}`]
  const cause = failures[0]?.error
  return new DeckError(asDeckError(cause).code, [...reasons, ...remedy].join("; "), { cause })
}
