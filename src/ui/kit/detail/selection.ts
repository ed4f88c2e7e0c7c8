import { useEffect } from "react"
import type { Binding } from "../../keys/binding.ts"
import { EVERY_MOTION, type Moving, moving, pageOf } from "../moving.ts"
import { useScreenReducer } from "../shell.ts"
import { detailReducer, initialDetailState, type Window } from "./detail-state.ts"

/** Keeps the selection; until the lines are `complete`, a missing line is not taken as gone. */
export function useSelection(window: Window, complete = false) {
  const [place, dispatch] = useScreenReducer("place", detailReducer, () => initialDetailState)
  const state = detailReducer(place, { type: "settle", ...window })
  useEffect(() => {
    if (complete && state !== place) dispatch({ type: "settle", ...window })
  })
  return {
    state,
    /** Rows of the lines in sight. */
    height: window.height,
    page: pageOf(window.height),
    /** Steps of one row go to the next line that can be selected, longer ones scroll. */
    move: (by: number) =>
      dispatch(by === 1 || by === -1 ? { type: "step", by, ...window } : { type: "scroll", by, ...window }),
  }
}

export const selectionBindings: readonly Binding<Moving>[] = moving({
  ...EVERY_MOTION,
  down: { help: "next link" },
  up: { help: "previous link" },
  "page down": { keys: ["pagedown", "ctrl-d", " "] },
})
