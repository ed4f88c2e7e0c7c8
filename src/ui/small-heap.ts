import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** The screens have come and been drawn by then. */
const LOADED_MS = 5_000

/**
 * Keeps V8 from letting what frames leave behind grow the heap, old and young. Called after the first frame: before, it
 * would only slow down the loading.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20")
  setFlagsFromString("--semi-space-growth-factor=1")
  // The percentage counts from the first collection on, which V8 would put off for minutes.
  setTimeout(() => {
    setFlagsFromString("--expose-gc")
    const collect: NodeJS.GCFunction = runInNewContext("gc")
    void collect({ type: "major", execution: "async" })
  }, LOADED_MS).unref()
}
