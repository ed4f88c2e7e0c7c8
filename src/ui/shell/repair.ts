import { useEffect, useMemo } from "react"
import { asDeckError } from "../../domain/errors.ts"
import { show, shown } from "../../domain/safe-text.ts"
import type { Deck } from "../../services/deck.ts"
import { repairPieces } from "../kit/change/steps.ts"
import type { Shell } from "../kit/shell.ts"
import type { HealthMonitor } from "../runtime/health.ts"
import { OwedWrites } from "../runtime/owed.ts"
import { useStore } from "../runtime/use-store.ts"

/** Delay, so that the first rows come first. */
const AFTER_SIGN_IN_MS = 1000

/** Keeps the writes that changes of this console still owe to Redis. */
export function useOwed(deck: Deck, health: HealthMonitor): OwedWrites {
  const owed = useMemo(() => {
    const write = async () => {
      const { repair } = await import("../../services/repair.ts")
      return (await deck.change(repair, {})).steps
    }
    return new OwedWrites(write, () => health.look())
  }, [deck, health])
  useStore(owed.states)
  return owed
}

/** Repairs what is owed, and reports the result. */
export async function repairNow({ owed, say }: Shell): Promise<void> {
  try {
    const steps = await owed.repair()
    if (steps.length === 0) say(shown`no pending writes to Redis`, "good")
    else say(repairPieces(steps))
  } catch (error) {
    say(show(asDeckError(error).message), "act")
  }
}

/**
 * Repairs what earlier sessions owe, once after signing in where changes are possible; reports only if something
 * was done.
 */
export function useRepairAtStart({ owed, say, guard }: Shell): void {
  useEffect(() => {
    if (guard.readOnly !== undefined) return
    const attempt = async () => {
      try {
        const steps = await owed.repair()
        // What is left stands above the keys until it is mended.
        if (steps.some(step => step.owed === undefined)) say(repairPieces(steps))
      } catch (error) {
        // Servers out of reach are told on the top line; another platform's Redis is told nowhere else.
        const { code, message } = asDeckError(error)
        if (code === "conflict") say(show(message), "act")
      }
    }
    const timer = setTimeout(() => void attempt(), AFTER_SIGN_IN_MS)
    return () => clearTimeout(timer)
  }, [owed, say, guard])
}
