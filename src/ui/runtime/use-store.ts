import { useSyncExternalStore } from "react"
import type { Store } from "../../domain/store.ts"

/** Subscribes a component to a store. The only bridge from stores to React. */
export function useStore<Snapshot>(store: Store<Snapshot>): Snapshot {
  return useSyncExternalStore(store.subscribe, () => store.snapshot)
}
