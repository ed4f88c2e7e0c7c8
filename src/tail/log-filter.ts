import { compileFilter, parseFilter, userTerms } from "../domain/access-log-filter.ts"
import type { Deck } from "../services/deck.ts"
import type { Predicate } from "./matches.ts"
import type { LogFilter } from "./protocol.ts"

/**
 * What `text` filters the live log by: checks the expression, and looks its users up once. Throws DeckError `invalid`
 * with the column of a mistake, `not_found` for a user that nobody is, and whatever `signal` was fired with.
 */
export async function readLogFilter(deck: Deck, text: string, signal: AbortSignal): Promise<LogFilter> {
  const terms = userTerms(parseFilter(text))
  const users = terms.length === 0 ? new Map() : await usersOf(deck, terms, signal)
  signal.throwIfAborted()
  return { text: text.trim(), users, stayAt: null }
}

/** What passes the filter, which was checked already. */
export const passesOf = ({ text, users }: LogFilter): Predicate =>
  text === "" ? () => true : compileFilter(parseFilter(text), users)

async function usersOf(deck: Deck, terms: Iterable<string>, signal: AbortSignal) {
  const { findUsers } = await import("../services/users/user-names.ts")
  return deck.run(findUsers, { terms: [...terms] }, { signal })
}
