import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { asDeckError } from "../../../domain/errors.ts"
import { threshold } from "../../../domain/gateway.ts"
import { simulateThreshold } from "../../../services/gateway/threshold.ts"
import { useShell } from "../../kit/shell.ts"
import { useDebounced } from "../../runtime/use-debounced.ts"

const COUNT_AGAIN_MS = 60_000

/** State of counting whom the proposed threshold would have hit. */
export type Simulation = ReturnType<typeof useSimulation>

/**
 * Counts whom the typed threshold would have hit, once typing pauses: first in the console's ring, then in the older
 * part of the stream. Each answer names its threshold.
 */
export function useSimulation(typed: string, isRead: boolean) {
  const { deck, tail } = useShell()
  const proposed = threshold.safeParse(typed).success ? Number(typed) : undefined
  const asked = useDebounced(proposed)
  const { data, failureReason, refetch } = useQuery({
    queryKey: ["simulate", asked],
    queryFn: async ({ signal }) => {
      const threshold = asked as number
      const counted = await tail.count(threshold)
      return { threshold, hits: await deck.run(simulateThreshold, { threshold, counted }, { signal }) }
    },
    refetchInterval: COUNT_AGAIN_MS,
    enabled: isRead && asked !== undefined && asked > 0,
    placeholderData: keepPreviousData,
  })
  return {
    /** Proposed threshold; undefined while the text is invalid. */
    proposed,
    /** Newest answer and its threshold, which may be an older one. */
    counted: data,
    failure: failureReason ? asDeckError(failureReason) : undefined,
    countAgain: () => void refetch(),
  }
}
