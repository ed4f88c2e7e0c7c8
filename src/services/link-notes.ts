import { DeckError } from "../domain/errors.ts"

/** What a feed says of its connection to `store`, for people: nothing twice. */
export function linkNotes(store: string) {
  let wasConnected = false
  let trouble = ""
  return {
    /** Returns that it is there again, where it was lost. */
    connected(): string | undefined {
      const isBack = trouble !== ""
      wasConnected = true
      trouble = ""
      return isBack ? `connected to ${store} again` : undefined
    },
    /** Returns why it is tried again, unless that was said. Throws DeckError "unavailable" where it was never there. */
    lost(reason: string): string | undefined {
      if (!wasConnected) throw new DeckError("unavailable", reason)
      const isKnown = reason === trouble
      trouble = reason
      return isKnown ? undefined : `${reason}; trying again`
    },
  }
}
