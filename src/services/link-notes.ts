import { DeckError } from "../domain/errors.ts"
import { onceEach } from "../domain/once-each.ts"
import { show } from "../domain/safe-text.ts"

/** What a feed says of its connections to `store`, one of each gateway where there are several, for people: nothing twice. */
export function linkNotes(store: string) {
  const linkOf = onceEach((_gateway: string | undefined) => ({ wasConnected: false, trouble: "" }))
  const named = (gateway: string | undefined, text: string) =>
    gateway === undefined ? text : `${show(gateway)}: ${text}`
  return {
    /** Returns that it is there again, where it was lost. */
    connected(gateway?: string): string | undefined {
      const link = linkOf(gateway)
      const isBack = link.trouble !== ""
      link.wasConnected = true
      link.trouble = ""
      return isBack ? named(gateway, `connected to ${store} again`) : undefined
    },
    /**
     * Returns why it is tried again, unless that was said. Throws DeckError "unavailable" where the only one was never there; the
     * others of several go on.
     */
    lost(reason: string, gateway?: string): string | undefined {
      const link = linkOf(gateway)
      if (!link.wasConnected && gateway === undefined) throw new DeckError("unavailable", reason)
      const isKnown = reason === link.trouble
      link.trouble = reason
      return isKnown ? undefined : named(gateway, `${reason}; trying again`)
    },
  }
}
