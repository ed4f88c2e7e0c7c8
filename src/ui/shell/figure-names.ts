import { useEffect } from "react"
import type { AlertState } from "../../domain/alerts/rule-watch.ts"
import { isUuid } from "../../domain/uuid.ts"
import type { NameCache } from "../runtime/names.ts"
import { useStore } from "../runtime/use-store.ts"

/** Returns the known names of the users in alert figures, by id; no other dimension has ids. */
export function useFigureNames(
  names: NameCache,
  states: readonly (AlertState | undefined)[],
): ReadonlyMap<string, string> {
  const { byId } = useStore(names.states)
  useEffect(() => names.request(states.map(state => state?.of ?? "").filter(isUuid)))
  return byId
}
