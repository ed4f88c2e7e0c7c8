import { createContext, useContext, useReducer } from "react"
import type { Operator } from "../../domain/operator.ts"
import type { Shown } from "../../domain/safe-text.ts"
import type { Deck } from "../../services/deck.ts"
import type { BoundKey } from "../keys/binding.ts"
import type { OwedWrites } from "../runtime/owed.ts"
import type { Runtime } from "../runtime/runtime.ts"
import type { Piece } from "../widgets/line.tsx"
import type { Tone } from "../widgets/theme.ts"
import type { Destinations, LogChanges } from "./destinations.ts"
import type { PaletteCommand, Screen, ScreenView } from "./screen.ts"

/** Navigation from a screen. It works only while the screen is innermost: nothing late, and nothing twice. */
export interface Navigation {
  /** Opens a destination over the present screen; Esc comes back. */
  open<Name extends keyof Destinations>(name: Name, params: Destinations[Name]): void
  /** Opens any screen: a dialog, a form. */
  push<Params>(screen: Screen<Params>, params: Params): void
  back(): void
  /** Replaces the screen with another one, in the tab of `tab` where given. */
  instead<Params>(screen: Screen<Params>, params: Params, tab?: Screen): void
}

/** Services of the console for its screens. */
export interface Shell extends Navigation, Runtime {
  readonly deck: Deck
  readonly operator: Operator
  readonly owed: OwedWrites
  readonly screens: readonly Screen[]
  /** Undefined until loaded, and keys wait for them. */
  readonly changes: LogChanges | undefined
  /** Palette commands that take an argument. */
  readonly commands: readonly PaletteCommand[]
  /** Goes to the tab of a screen, as it was left; within that tab, to the screen itself. */
  goTo(screen: Screen): void
  /** Tells whether another screen, not counting overlays, is below the present one. */
  canGoBack(): boolean
  /** Shows a message above the keys until the next key. */
  say(text: Shown | readonly Piece[], tone?: Tone): void
  /** Returns the screen below an overlay, its keys and the global keys; `asksToLeave` of a screen without an overlay. */
  below(): {
    readonly asksToLeave: ScreenView["asksToLeave"]
    readonly screen: Screen<never>
    readonly command: ScreenView["command"]
    /** Scope of `keys`: that of the screen, or of its pane that has the keyboard. */
    readonly scope: string
    readonly keys: readonly BoundKey[]
    readonly everywhere: readonly BoundKey[]
  }
  suspend(): void
  quit(): void
}

const ShellContext = createContext<Shell | undefined>(undefined)
export const ShellProvider = ShellContext.Provider

export function useShell(): Shell {
  const shell = useContext(ShellContext)
  if (!shell) throw new Error("no shell around this screen")
  return shell
}

const MemoryContext = createContext<Map<string, unknown>>(new Map())
export const MemoryProvider = MemoryContext.Provider

/** Keeps a value while another screen is on top; changing it draws nothing. */
export function useScreenRef<T>(name: string, initial: () => T): { current: T } {
  const memory = useContext(MemoryContext)
  if (!memory.has(name)) memory.set(name, { current: initial() })
  return memory.get(name) as { current: T }
}

/** Keeps a reducer's state while another screen is on top. */
export function useScreenReducer<State, Action>(
  name: string,
  reducer: (state: State, action: Action) => State,
  initial: () => State,
): [State, (action: Action) => void] {
  const memory = useContext(MemoryContext)
  const remembering = (state: State, action: Action) => {
    const next = reducer(state, action)
    memory.set(name, next)
    return next
  }
  return useReducer(remembering, undefined, () => (memory.has(name) ? (memory.get(name) as State) : initial()))
}

/** Keeps a value while another screen is on top; it is changed by functions of its newest value. */
export const useScreenState = <State>(name: string, initial: () => State) =>
  useScreenReducer(name, (state: State, change: (state: State) => State) => change(state), initial)
