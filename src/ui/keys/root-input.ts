import { useApp, useInput, usePaste } from "ink"
import { useEffect, useLayoutEffect, useReducer, useRef } from "react"
import type { Mouse, MouseInput } from "../terminal/mouse.ts"
import { type Chord, chords, isText } from "./chord.ts"
import { type Routed, route, type Scopes } from "./route.ts"
import { fieldBindings } from "./text-field.ts"

/** Input: a key, a pasted text, or a mouse event. */
type Input = Chord | { readonly pasted: string } | MouseInput

/** Longest pause between two keys of fast typing. */
const TYPING_MS = 600
/** Rows per step of the wheel, as in most terminals. */
const WHEEL_ROWS = 3
const TYPED: readonly Chord[] = ["enter", "esc", ...fieldBindings.flatMap(({ keys }) => keys)]

interface Waiting {
  readonly given: Input
  readonly at: number
}

/**
 * The only handler of the keyboard. `scopes` is called anew for every chord, after React has drawn what the chord
 * before it changed: fast typing and slow links deliver many keys at a time. Text, and keys that may repeat, need not
 * wait for that. While `held`, since the target of keys is not loaded yet, all of them wait.
 */
export function useRootInput(
  scopes: () => Scopes,
  onRouted: (routed: Routed) => void,
  { mouse, held = false }: { mouse?: Mouse | undefined; held?: boolean } = {},
): void {
  const { exit } = useApp()
  const queue = useRef<Waiting[]>([])
  /** Whether the last key's change may not be drawn yet: it is at the next change of the counter. */
  const settling = useRef(false)
  /** Time until which typed text was meant for a field that did not open. */
  const ignoreTypingUntil = useRef(0)
  const [handled, count] = useReducer((number: number) => number + 1, 0)

  /** Typing goes on until it pauses, or ends with Enter or Esc; other keys are commands again. */
  const isLost = (given: Input, at: number): boolean => {
    const lost = at < ignoreTypingUntil.current && (typeof given !== "string" || isText(given) || TYPED.includes(given))
    ignoreTypingUntil.current = lost && given !== "enter" && given !== "esc" ? at + TYPING_MS : 0
    return lost
  }

  /** Handles one input; returns whether the next may be handled before React has drawn the result. */
  const take = ({ given, at }: Waiting, next: Input | undefined): boolean => {
    if (isLost(given, at)) return false
    const asked = scopes()
    if (typeof given !== "string") {
      if ("pasted" in given) asked.field?.insert(given.pasted)
      else handleMouse(given, asked, at)
      return false
    }
    const routed = route(given, asked)
    onRouted(routed)
    if (routed.kind === "refused" && routed.meantForField) ignoreTypingUntil.current = at + TYPING_MS
    if (routed.kind === "press") routed.key.press(at)
    if (routed.kind === "insert") asked.field?.insert(routed.text)
    return continuesInput(routed, given, next)
  }

  const handle = () => {
    const waiting = queue.current
    try {
      let again = true
      for (let first = waiting.shift(); first !== undefined; first = again ? waiting.shift() : undefined) {
        again = take(first, waiting[0]?.given)
      }
    } catch (error) {
      exit(error instanceof Error ? error : new Error(String(error)))
    }
    settling.current = true
    count()
  }
  const newest = useRef(handle)
  newest.current = handle

  useLayoutEffect(() => {
    if (handled === 0) return
    // In a separate turn: changes while React draws count as nested updates, whose number is limited.
    const turn = setImmediate(() => {
      settling.current = false
      if (queue.current.length > 0) newest.current()
    })
    return () => clearImmediate(turn)
  }, [handled])

  useLayoutEffect(() => {
    if (!held && queue.current.length > 0) newest.current()
  }, [held])

  const give = (...given: Input[]) => {
    const at = performance.now()
    queue.current.push(...given.map(given => ({ given, at })))
    if (!settling.current && !held) handle()
  }
  useInput((input, key) => give(...chords(input, key)))
  usePaste(text => give({ pasted: text }))
  const newestGive = useRef(give)
  newestGive.current = give
  useEffect(() => mouse?.listen(pointing => newestGive.current(pointing)), [mouse])
}

/** The wheel moves as the arrows do, but not in a text field. */
function handleMouse(pointing: MouseInput, asked: Scopes, at: number): void {
  if (asked.field) return
  if (pointing.kind === "click") {
    asked.click?.(pointing.row)
    return
  }
  const routed = route(pointing.by < 0 ? "up" : "down", asked)
  if (routed.kind !== "press" || !routed.key.repeats) return
  for (let row = 0; row < WHEEL_ROWS; row++) routed.key.press(at)
}

/** Whether moving or typing continues, which need not wait for React. */
function continuesInput(routed: Routed, chord: Chord, next: Input | undefined): boolean {
  if (typeof next !== "string") return false
  return routed.kind === "press" ? routed.key.repeats && next === chord : routed.kind === "insert" && isText(next)
}
