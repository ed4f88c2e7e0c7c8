import { useEffect } from "react"
import type { Binding } from "../../keys/binding.ts"
import { EVERY_MOTION, type Moving, moving, pageOf } from "../moving.ts"
import { useScreenReducer } from "../shell.ts"
import { type DetailState, detailReducer, initialDetailState, type Window } from "./detail-state.ts"

/** Model of lines of which some can be selected: steps of one row go to the next of these, longer ones scroll. */
export interface Selection extends Moving {
  readonly state: DetailState
  /** Rows of the lines in sight. */
  readonly height: number
}

/** Keeps the selection; until the lines are `complete`, a missing line is not taken as gone. */
export function useSelection(window: Window, complete = false): Selection {
  const [place, dispatch] = useScreenReducer("place", detailReducer, () => initialDetailState)
  const state = detailReducer(place, { type: "settle", ...window })
  useEffect(() => {
    if (complete && state !== place) dispatch({ type: "settle", ...window })
  })
  return {
    state,
    height: window.height,
    page: pageOf(window.height),
    move: by => dispatch(by === 1 || by === -1 ? { type: "step", by, ...window } : { type: "scroll", by, ...window }),
  }
}

export const selectionBindings: readonly Binding<Selection>[] = moving({
  ...EVERY_MOTION,
  down: { help: "to what can be opened next" },
  up: { help: "to what could be opened before" },
  "page down": { keys: ["pagedown", "ctrl-d", " "] },
})
