import { useApp, usePaste } from "ink"
import { useEffect, useLayoutEffect, useReducer, useRef } from "react"
// Not one of Ink's exports: it has what is drawn for a key come before what is drawn by itself.
import reconciler from "../../../node_modules/ink/build/reconciler.js"
import type { MouseInput } from "../terminal/mouse.ts"
import type { TerminalEvent, TerminalInput } from "../terminal/terminal-input.ts"
import { type Chord, isText } from "./chord.ts"
import { heardBy, isAlt, type Routed, route, type Scopes } from "./route.ts"
import { fieldBindings } from "./text-field.ts"

/** Longest pause between two keys of fast typing. */
const TYPING_MS = 600
/** Rows per step of the wheel, as in most terminals. */
const WHEEL_ROWS = 3
const TYPED: readonly Chord[] = ["enter", "esc", ...fieldBindings.flatMap(({ keys }) => keys)]

const TOO_EARLY: Routed = {
  kind: "refused",
  reason: "pressed before this was on the screen: ignored",
  meantForField: false,
}

interface Waiting {
  readonly given: TerminalEvent
  readonly at: number
}

/** `input` is where events come from. */
interface InputSource {
  readonly input: TerminalInput
  readonly held?: boolean
}

/**
 * The only handler of the keyboard. `scopes` is called anew for every chord, after React has drawn what the chord
 * before it changed: fast typing and slow links deliver many keys at a time. Text, and keys that may repeat, need not
 * wait for that. While `held`, since the target of keys is not loaded yet, all of them wait.
 */
export function useRootInput(
  scopes: () => Scopes,
  onRouted: (routed: Routed, given: TerminalEvent) => void,
  { input, held = false }: InputSource,
): void {
  const { exit } = useApp()
  const queue = useRef<Waiting[]>([])
  /** Whether the last key's change may not be drawn yet: it is at the next change of the counter. */
  const settling = useRef(false)
  /** Time until which typed text was meant for a field that did not open. */
  const ignoreTypingUntil = useRef(0)
  const [handled, count] = useReducer((number: number) => number + 1, 0)

  /** Typing goes on until it pauses, or ends with Enter or Esc; other keys are commands again. */
  const isLost = (given: TerminalEvent, at: number): boolean => {
    const lost = at < ignoreTypingUntil.current && (typeof given !== "string" || isText(given) || TYPED.includes(given))
    ignoreTypingUntil.current = lost && given !== "enter" && given !== "esc" ? at + TYPING_MS : 0
    return lost
  }

  /** Drops what came in the same read: it was typed in the belief that an Esc before it had acted. */
  const dropRead = (at: number) => {
    queue.current = queue.current.filter(waiting => waiting.at !== at)
  }

  /** Handles one input; returns whether the next may be handled before React has drawn the result. */
  const take = ({ given, at }: Waiting, next: TerminalEvent | undefined): boolean => {
    if (isLost(given, at)) return false
    const asked = heardBy(scopes(), at)
    if (typeof given !== "string") {
      if (asked.isEarly) onRouted(TOO_EARLY, given)
      else if ("pasted" in given) asked.field?.insert(given.pasted)
      else handleMouse(given, asked, at)
      return false
    }
    const found = route(given, asked)
    const routed = asked.isEarly && found.kind !== "press" ? TOO_EARLY : found
    onRouted(routed, given)
    if (routed.kind === "refused" && isAlt(given)) dropRead(at)
    if (routed.kind === "refused" && routed.meantForField) ignoreTypingUntil.current = at + TYPING_MS
    if (routed.kind === "press") routed.key.press(at)
    if (routed.kind === "insert") asked.field?.insert(routed.text)
    return continuesInput(routed, given, next)
  }

  const handle = () => {
    try {
      let again = true
      while (again) {
        const first = queue.current.shift()
        again = first !== undefined && take(first, queue.current[0]?.given)
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

  const give = (given: readonly TerminalEvent[]) => {
    const at = performance.now()
    for (const one of given) queue.current.push({ given: one, at })
    if (!settling.current && !held) handle()
  }
  // Ink sets the terminal's modes and restores them: raw, and pastes marked as such. It hears of no input.
  usePaste(() => {})
  const newestGive = useRef(give)
  newestGive.current = give
  useEffect(() => input.listen(events => atOnce(() => newestGive.current(events))), [input])
}

/** Handles a key as Ink's own `useInput` does; React's declaration asks for arguments that it passes on alone. */
const atOnce = (handle: () => void) =>
  void (reconciler.discreteUpdates as unknown as (handle: () => void) => void)(handle)

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
function continuesInput(routed: Routed, chord: Chord, next: TerminalEvent | undefined): boolean {
  if (typeof next !== "string") return false
  return routed.kind === "press" ? routed.key.repeats && next === chord : routed.kind === "insert" && isText(next)
}
