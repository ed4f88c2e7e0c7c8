import type { Screen } from "../kit/screen.ts"
import type { Piece } from "../widgets/line.tsx"

/** Open screen with its parameters, and its memory while others are on top. */
export interface OpenScreen {
  readonly key: number
  readonly screen: Screen<never>
  readonly params: unknown
  readonly memory: Map<string, unknown>
}

/** Message above the keys. */
export type Toast = readonly Piece[]

/** Open screens by tab. Tabs keep their stacks; going to the current tab closes what was opened over its own screen. */
export interface ShellState {
  readonly stacks: ReadonlyMap<string, readonly OpenScreen[]>
  readonly tab: string
  readonly toast: Toast | undefined
  readonly nextKey: number
}

/** Screen that asks; default: the innermost. */
type From = OpenScreen["key"] | undefined

export type ShellAction =
  | { readonly type: "tab"; readonly screen: Screen }
  | { readonly type: "push"; readonly screen: Screen<never>; readonly params: unknown; readonly from?: From }
  | { readonly type: "back"; readonly from?: From }
  | {
      readonly type: "instead"
      readonly screen: Screen<never>
      readonly params: unknown
      readonly tab: Screen | undefined
      readonly from?: From
    }
  | { readonly type: "toast"; readonly toast: Toast | undefined }
  /** Closes overlays in every tab, except those of these keys. */
  | { readonly type: "close dialogs"; readonly but: ReadonlySet<OpenScreen["key"]> }

export const initialShellState = (screen: Screen): ShellState =>
  shellReducer({ stacks: new Map(), tab: screen.id, toast: undefined, nextKey: 1 }, { type: "tab", screen })

/** Returns the screens of the current tab, outermost first. */
export const currentStack = (state: ShellState): readonly OpenScreen[] => state.stacks.get(state.tab) ?? []

export function shellReducer(state: ShellState, action: ShellAction): ShellState {
  switch (action.type) {
    case "tab": {
      const { id } = action.screen
      const stack = state.stacks.get(id)
      const there = { ...state, tab: id, toast: undefined }
      if (stack === undefined) return withStack(there, [opened(state, action.screen, undefined)])
      return id === state.tab && stack.length > 1 ? withStack(there, stack.slice(0, 1)) : there
    }
    case "push":
      if (!hasKeyboard(state, action.from)) return state
      return withStack(state, [...currentStack(state), opened(state, action.screen, action.params)])
    case "back": {
      if (!hasKeyboard(state, action.from)) return state
      const stack = currentStack(state)
      return stack.length > 1 ? withStack(state, stack.slice(0, -1)) : state
    }
    case "instead": {
      if (!hasKeyboard(state, action.from)) return state
      const { screen, params, tab } = action
      const left = shellReducer(state, { type: "back" })
      const there = tab && tab.id !== left.tab ? shellReducer(left, { type: "tab", screen: tab }) : left
      return shellReducer(there, { type: "push", screen, params })
    }
    case "toast":
      return { ...state, toast: action.toast }
    case "close dialogs": {
      const stays = ({ screen, key }: OpenScreen) => !screen.overlay || action.but.has(key)
      return { ...state, stacks: new Map([...state.stacks].map(([tab, stack]) => [tab, stack.filter(stays)])) }
    }
  }
}

/** Tells whether the asking screen is innermost: another one's request came too late, or twice. */
const hasKeyboard = (state: ShellState, from: From): boolean =>
  from === undefined || currentStack(state).at(-1)?.key === from

const opened = (state: ShellState, screen: Screen<never>, params: unknown): OpenScreen => ({
  key: state.nextKey,
  screen,
  params,
  memory: new Map(),
})

const withStack = (state: ShellState, stack: readonly OpenScreen[]): ShellState => ({
  ...state,
  stacks: new Map(state.stacks).set(state.tab, stack),
  nextKey: state.nextKey + 1,
})
