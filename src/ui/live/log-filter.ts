import { parseFilter, userTerms } from "../../domain/access-log-filter.ts"
import type { Deck } from "../../services/deck.ts"
import { findUsers } from "../../services/user-names.ts"
import type { TailClient } from "./tail-client.ts"

/**
 * Sets the live log's filter: checks the expression, looks its users up once, and hands both to the tail.
 * Throws DeckError `invalid` with the column of a mistake, `not_found` for a user that nobody is, and sets nothing once
 * `signal` has fired.
 */
export async function setLogFilter(deck: Deck, tail: TailClient, text: string, signal: AbortSignal): Promise<void> {
  const terms = userTerms(parseFilter(text))
  const users = terms.length === 0 ? new Map() : await deck.run(findUsers, { terms: [...terms] }, { signal })
  signal.throwIfAborted()
  tail.filter(text.trim(), users)
}
