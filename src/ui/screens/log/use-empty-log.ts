import { useEffect, useState } from "react"
import { type Shown, show } from "../../../domain/safe-text.ts"
import type { Deck } from "../../../services/deck.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import { useShell } from "../../kit/shell.ts"

/** A stream that does not exist, and where the access log may be. */
export interface MissingStream {
  readonly stream: Shown
  readonly says: Shown
}

/** Looks whether the stream exists while the log that is read is empty; null while it is not, or the stream does. */
export function useEmptyLog(snapshot: TailSnapshot | null): MissingStream | null {
  const { deck } = useShell()
  const [missing, setMissing] = useState<MissingStream | null>(null)
  const isEmpty = snapshot?.link.state === "live" && snapshot.held === 0 && snapshot.start === snapshot.end
  useEffect(() => {
    if (!isEmpty) return
    const leaving = new AbortController()
    askPlace(deck, leaving.signal).then(
      ({ missing: found }) => setMissing(found ? { stream: show(found.stream), says: show(found.says) } : null),
      () => {}, // What there is to see is that the log is empty, with or without a reason.
    )
    return () => {
      leaving.abort()
      setMissing(null)
    }
  }, [isEmpty, deck])
  return missing
}

async function askPlace(deck: Deck, signal: AbortSignal) {
  const { explainEmptyLog } = await import("../../../services/log-place.ts")
  return deck.run(explainEmptyLog, {}, { signal })
}
