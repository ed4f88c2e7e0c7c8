import { useEffect } from "react"
import type { Binding } from "../../keys/binding.ts"
import { useScreenReducer } from "../shell.ts"
import { type DetailState, detailReducer, initialDetailState, type Window } from "./detail-state.ts"

/** Somebody moving over lines, some of which can be opened. */
export interface Moving {
  readonly state: DetailState
  /** Rows of the lines in sight. */
  readonly height: number
  step(by: 1 | -1): void
  scroll(by: number): void
}

/** While not all lines are there (`complete`), where the operator was is kept: a line that is not read yet is not gone. */
export function useMoving(window: Window, complete = false): Moving {
  const [place, dispatch] = useScreenReducer("place", detailReducer, () => initialDetailState)
  const state = detailReducer(place, { type: "settle", ...window })
  useEffect(() => {
    if (complete && state !== place) dispatch({ type: "settle", ...window })
  })
  return {
    state,
    height: window.height,
    step: by => dispatch({ type: "step", by, ...window }),
    scroll: by => dispatch({ type: "scroll", by, ...window }),
  }
}

const page = ({ height }: Moving) => Math.max(1, height - 1)

export const movingBindings: readonly Binding<Moving>[] = [
  {
    keys: ["j", "down"],
    repeats: true,
    label: "down",
    help: "to what can be opened next",
    run: model => model.step(1),
  },
  {
    keys: ["k", "up"],
    repeats: true,
    label: "up",
    help: "to what could be opened before",
    run: model => model.step(-1),
  },
  { keys: ["pagedown", "ctrl-d", " "], repeats: true, label: "page down", run: model => model.scroll(page(model)) },
  { keys: ["pageup", "ctrl-u"], repeats: true, label: "page up", run: model => model.scroll(-page(model)) },
  { keys: ["g", "home"], label: "top", run: model => model.scroll(Number.NEGATIVE_INFINITY) },
  { keys: ["G", "end"], label: "end", run: model => model.scroll(Number.POSITIVE_INFINITY) },
]
