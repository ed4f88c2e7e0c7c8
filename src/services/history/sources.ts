import type { RedisConnections } from "../../adapters/redis/connections.ts"
import type { ResolvedUsers } from "../../domain/access-log-kinds.ts"
import { DeckError } from "../../domain/errors.ts"
import { isUuid } from "../../domain/uuid.ts"
import type { HistoryContext, OperationContext, Stores } from "../operation.ts"
import { resolveUsers } from "../users/user-names.ts"

/** What the log is read from: the stream and its history, or without Redis the history alone. */
export interface LogSources extends Pick<Stores, "history" | "signal"> {
  readonly redis?: RedisConnections
  /** Returns the ids of the users that each of these terms means. Throws DeckError. */
  usersOf(terms: readonly string[]): Promise<ResolvedUsers>
}

/** The log for an operator. */
export const wholeLog = (context: OperationContext): LogSources => ({
  history: context.history,
  redis: context.redis,
  signal: context.signal,
  usersOf: terms => resolveUsers(context, terms),
})

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
