import { useInsertionEffect, useRef } from "react"
import { useShell } from "./shell.ts"

/**
 * Returns since when `what` has been on the terminal, by `performance.now()`; `Infinity` until the terminal has taken it.
 * Keys from before that were meant for something else.
 */
export function useDrawnSince(what: unknown): () => number {
  const { whenDrawn } = useShell()
  const since = useRef(Number.POSITIVE_INFINITY)
  // Before Ink draws what React has changed: the next frame has it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is drawn anew when it is another one
  useInsertionEffect(() => {
    let isThere = true
    since.current = Number.POSITIVE_INFINITY
    whenDrawn(() => {
      if (isThere) since.current = performance.now()
    })
    return () => {
      isThere = false
    }
  }, [what, whenDrawn])
  return () => since.current
}
