import { useApp, useInput, usePaste } from "ink"
import { useRef } from "react"
import { type Chord, chords } from "./chord.ts"
import { type Routed, route, type Scopes } from "./route.ts"

/**
 * The one place that hears the keyboard. `scopes` is asked anew for every chord, after React has drawn what the chord
 * before it changed: fast typing and pastes over slow links arrive many keys at a time.
 */
export function useRootInput(scopes: () => Scopes, onRouted: (routed: Routed, chord: Chord) => void): void {
  const queue = useRef<Chord[]>([])
  const { exit } = useApp()

  const handleNext = () => {
    const chord = queue.current[0]
    if (chord === undefined) return
    try {
      const routed = route(chord, scopes())
      onRouted(routed, chord)
      if (routed.kind === "press") routed.key.press()
      if (routed.kind === "insert") scopes().field?.insert(routed.text)
    } catch (error) {
      exit(error instanceof Error ? error : new Error(String(error)))
    }
    queue.current.shift()
    if (queue.current.length > 0) setImmediate(latest.current)
  }
  const latest = useRef(handleNext)
  latest.current = handleNext

  useInput((input, key) => {
    const idle = queue.current.length === 0
    queue.current.push(...chords(input, key))
    if (idle) handleNext()
  })
  usePaste(text => scopes().field?.insert(text))
}
