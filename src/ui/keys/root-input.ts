import { useApp, useInput, usePaste } from "ink"
import { useRef } from "react"
import { type Chord, chords, isText } from "./chord.ts"
import { type Routed, route, type Scopes } from "./route.ts"

/**
 * The one place that hears the keyboard. `scopes` is asked anew for every chord, after React has drawn what the chord
 * before it changed: fast typing and slow links deliver many keys at a time. Text, and keys that may repeat, need not
 * wait for that.
 */
export function useRootInput(scopes: () => Scopes, onRouted: (routed: Routed) => void): void {
  const { exit } = useApp()
  const queue = useRef<Chord[]>([])

  const handle = () => {
    const waiting = queue.current
    try {
      let again = true
      for (let chord = waiting.shift(); chord !== undefined; chord = again ? waiting.shift() : undefined) {
        const asked = scopes()
        const routed = route(chord, asked)
        onRouted(routed)
        if (routed.kind === "press") routed.key.press()
        if (routed.kind === "insert") asked.field?.insert(routed.text)
        again = goesOn(routed, chord, waiting[0])
      }
    } catch (error) {
      exit(error instanceof Error ? error : new Error(String(error)))
    }
    if (waiting.length > 0) setImmediate(() => newest.current())
  }
  const newest = useRef(handle)
  newest.current = handle

  useInput((input, key) => {
    const idle = queue.current.length === 0
    queue.current.push(...chords(input, key))
    if (idle) handle()
  })
  usePaste(text => scopes().field?.insert(text))
}

/** Whether the next chord may be handled before React has drawn what this one did. */
function goesOn(routed: Routed, chord: Chord, next: Chord | undefined): boolean {
  if (next === undefined) return false
  return routed.kind === "press" ? routed.key.repeats && next === chord : routed.kind === "insert" && isText(next)
}
