import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { asDeckError } from "../../../domain/errors.ts"
import { threshold } from "../../../domain/gateway.ts"
import { simulateThreshold } from "../../../services/gateway/threshold.ts"
import { simulateDay } from "../../../services/log-counts/threshold-day.ts"
import { useShell } from "../../kit/shell.ts"
import { useDebounced } from "../../runtime/use-debounced.ts"

const COUNT_AGAIN_MS = 60_000
/** A day changes slowly, and the engine goes through all of it. */
const COUNT_DAY_AGAIN_MS = 300_000

/** State of counting whom the proposed threshold would have hit. */
export type Simulation = ReturnType<typeof useSimulation>

/**
 * Counts whom the typed threshold would have hit, once typing pauses: first in the console's ring, then in the older
 * part of the stream; and over the last day, where a history of it exists. Each answer names its threshold.
 */
export function useSimulation(typed: string, isRead: boolean) {
  const { deck, tail } = useShell()
  const proposed = threshold.safeParse(typed).success ? Number(typed) : undefined
  const asked = useDebounced(proposed)
  const isAsked = isRead && asked !== undefined && asked > 0
  const { data, failureReason, refetch } = useQuery({
    queryKey: ["simulate", asked],
    queryFn: async ({ signal }) => {
      const threshold = asked as number
      const counted = await tail.count(threshold)
      return { threshold, hits: await deck.run(simulateThreshold, { threshold, counted }, { signal }) }
    },
    refetchInterval: COUNT_AGAIN_MS,
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  const day = useQuery({
    queryKey: ["simulate day", asked],
    queryFn: async ({ signal }) => {
      const threshold = asked as number
      const { day } = await deck.run(simulateDay, { threshold }, { signal })
      return day === null ? null : { threshold, hits: day }
    },
    // Recording may begin while this is open.
    refetchInterval: ({ state }) => (state.data ? COUNT_DAY_AGAIN_MS : COUNT_AGAIN_MS),
    // What a count of the day lacks, an engine or memory, is not there two seconds later.
    retry: false,
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  return {
    /** Proposed threshold; undefined while the text is invalid. */
    proposed,
    /** Newest answer and its threshold, which may be an older one. */
    counted: data,
    failure: failureReason ? asDeckError(failureReason) : undefined,
    /** The same over the last day; undefined while nothing is known of it, or where there is no history. */
    day: day.data ?? undefined,
    dayFailure: day.error ? asDeckError(day.error) : undefined,
    countAgain: () => {
      void refetch()
      void day.refetch()
    },
  }
}
