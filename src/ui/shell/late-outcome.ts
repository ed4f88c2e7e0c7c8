import { useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { shown } from "../../domain/safe-text.ts"
import type { Shell } from "../kit/shell.ts"
import { readAgain } from "../runtime/query.ts"
import { useStore } from "../runtime/use-store.ts"
import { timeOfDay } from "../widgets/format.ts"

/** Says how a change ended that was told as unknown, as soon as that is known, and reads again what it may have changed. */
export function useLateOutcome({ guard, say }: Pick<Shell, "guard" | "say">): void {
  const { late } = useStore(guard.states)
  const queries = useQueryClient()
  useEffect(() => {
    if (late === undefined) return
    const change = shown`the change whose answer was lost at ${timeOfDay(late.lostAt)}`
    if (late.isSaved) say(shown`saved after all: ${change}`, "good")
    else say(shown`not saved: ${change}; it can be made again`, "act")
    readAgain(queries)
  }, [late, say, queries])
}
