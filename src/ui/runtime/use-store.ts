import { useSyncExternalStore } from "react"
import type { Store } from "../../domain/store.ts"

/** The one bridge from a store to React. */
export function useStore<Snapshot>(store: Store<Snapshot>): Snapshot {
  return useSyncExternalStore(store.subscribe, () => store.snapshot)
}
