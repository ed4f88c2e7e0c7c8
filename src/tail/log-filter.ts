import { compileFilter, parseFilter, userTerms } from "../domain/access-log-filter.ts"
import { filterSql } from "../domain/access-log-filter-sql.ts"
import type { Deck } from "../services/deck.ts"
import type { Predicate } from "./matches.ts"
import type { Passing } from "./past/reading.ts"
import type { LogFilter } from "./protocol.ts"

/** Parses the filter of the live log and looks its users up. Throws DeckError, and the reason of `signal`. */
export async function readLogFilter(deck: Deck, text: string, signal: AbortSignal): Promise<LogFilter> {
  const terms = userTerms(parseFilter(text))
  const users = terms.length === 0 ? new Map() : await usersOf(deck, terms, signal)
  signal.throwIfAborted()
  return { text: text.trim(), users, stayAt: null }
}

/** Returns the predicate of a filter that was checked already. */
export const passesOf = ({ text, users }: LogFilter): Predicate =>
  text === "" ? () => true : compileFilter(parseFilter(text), users)

/** Returns what passes a filter that was checked already, as a test and as SQL. */
export const passingOf = (filter: LogFilter): Passing => ({
  passes: passesOf(filter),
  where: sql => filterSql(parseFilter(filter.text), filter.users, sql),
})

async function usersOf(deck: Deck, terms: Iterable<string>, signal: AbortSignal) {
  const { findUsers } = await import("../services/users/user-names.ts")
  return deck.run(findUsers, { terms: [...terms] }, { signal })
}
