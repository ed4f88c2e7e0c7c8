import type { Term } from "../../../../domain/access-log-filter.ts"
import { withTerm } from "../../../../domain/access-log-pivot.ts"
import type { ComparedOutcome } from "../../../../domain/log-counts/what-changed.ts"
import type { Baseline } from "./windows.ts"

/** State of a comparison on the screen. */
export interface ChangesState {
  readonly filter: string
  /** Filters before the present one, the newest last. */
  readonly steps: readonly string[]
  readonly baseline: Baseline
  /** What is compared; undefined for what changed most gravely. */
  readonly of: ComparedOutcome | undefined
  /** Index of the selected row. */
  readonly at: number
}

export type ChangesAction =
  | { readonly type: "move"; readonly by: number; readonly rows: number }
  /** Compares with the next baseline of these. */
  | { readonly type: "against"; readonly baselines: readonly Baseline[] }
  | { readonly type: "of"; readonly of: ComparedOutcome }
  | { readonly type: "narrow"; readonly term: Term }
  | { readonly type: "undo" }

export function changesReducer(state: ChangesState, action: ChangesAction): ChangesState {
  switch (action.type) {
    case "move":
      return { ...state, at: Math.max(0, Math.min(action.rows - 1, Math.min(state.at, action.rows - 1) + action.by)) }
    case "against": {
      const { baselines } = action
      const next = baselines[(baselines.indexOf(state.baseline) + 1) % baselines.length]
      return { ...state, at: 0, baseline: next ?? state.baseline }
    }
    case "of":
      return { ...state, at: 0, of: action.of }
    case "narrow": {
      const filter = withTerm(state.filter, action.term)
      return { ...state, at: 0, filter, steps: [...state.steps, state.filter] }
    }
    case "undo":
      return { ...state, at: 0, filter: state.steps.at(-1) ?? state.filter, steps: state.steps.slice(0, -1) }
  }
}
