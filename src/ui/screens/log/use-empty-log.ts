import { useEffect, useState } from "react"
import { type Shown, show } from "../../../domain/safe-text.ts"
import { explainEmptyLog } from "../../../services/log-place.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import { useShell } from "../../kit/shell.ts"

/** Looks up where the access log is while the one that is read is empty; null while it is not, or nothing is wrong. */
export function useEmptyLog(snapshot: TailSnapshot | null): Shown | null {
  const { deck } = useShell()
  const [says, setSays] = useState<Shown | null>(null)
  const isEmpty = snapshot?.link.state === "live" && snapshot.held === 0 && snapshot.start === snapshot.end
  useEffect(() => {
    if (!isEmpty) return
    const leaving = new AbortController()
    deck.run(explainEmptyLog, {}, { signal: leaving.signal }).then(
      found => setSays(found.says === null ? null : show(found.says)),
      () => {}, // What there is to see is that the log is empty, with or without a reason.
    )
    return () => {
      leaving.abort()
      setSays(null)
    }
  }, [isEmpty, deck])
  return says
}
