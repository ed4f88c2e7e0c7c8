import { openHistory } from "../../adapters/history/engines.ts"
import type { Gateway, RedisConnections } from "../../adapters/redis/connections.ts"
import type { ResolvedUsers } from "../../domain/access-log-kinds.ts"
import { DeckError } from "../../domain/errors.ts"
import { isUuid } from "../../domain/uuid.ts"
import type { HistoryContext, OperationContext, Stores } from "../operation.ts"
import { resolveUsers } from "../users/user-names.ts"

/** What the log of a gateway is read from: the stream and its history, or without Redis the history alone. */
export interface LogSources extends Pick<Stores, "history" | "signal"> {
  readonly gateway?: Gateway
  /** Returns the ids of the users that each of these terms means. Throws DeckError. */
  usersOf(terms: readonly string[]): Promise<ResolvedUsers>
}

/** The log of a gateway, for an operator. */
export const wholeLog = (context: OperationContext, gateway: Gateway = context.redis.gateways[0]): LogSources => ({
  history: gateway.name === "" ? context.history : context.history && openHistory(context.history.place, gateway.name),
  gateway,
  signal: context.signal,
  usersOf: terms => resolveUsers(context, terms),
})

/**
 * The logs of the gateways that are asked for by name, of all unless any is. Throws DeckError "invalid" for a name that the profile
 * does not list.
 */
export const logsOf = (context: OperationContext, names?: readonly string[]): readonly LogSources[] =>
  gatewaysNamed(context.redis, names).map(gateway => wholeLog(context, gateway))

/** The gateways that are asked for by name, as `logsOf` has them. */
export function gatewaysNamed({ gateways }: RedisConnections, names: readonly string[] = []): readonly Gateway[] {
  const unknown = names.find(name => !gateways.some(gateway => gateway.name === name))
  if (unknown !== undefined) {
    const known = gateways.map(({ name }) => name).filter(name => name !== "")
    const message =
      known.length === 0
        ? "this deployment has one gateway: the profile lists none"
        : `there is no gateway ${unknown}; the profile lists ${known.join(", ")}`
    throw new DeckError("invalid", message, { field: "gateway" })
  }
  return names.length === 0 ? gateways : gateways.filter(({ name }) => names.includes(name))
}

/** The log for whoever may read the history's files. Names of users, which PostgreSQL has, are refused. */
export const historyAlone = ({ history, signal }: HistoryContext): LogSources => ({
  history,
  signal,
  async usersOf(terms) {
    const name = terms.find(term => !isUuid(term))
    if (name === undefined) return new Map(terms.map(term => [term, [term.toLowerCase()]]))
    const message = `"${name}" is no id, and names are in PostgreSQL, which --history-only does not ask: write user:ID`
    throw new DeckError("invalid", message, { field: "filter" })
  },
})
