import type { Binding } from "../../../keys/binding.ts"
import type { ZoomModel } from "./use-zoom.ts"

interface WithZoom {
  readonly zoom: ZoomModel
}

/** Keys that zoom the histogram. */
export const zoomBindings: readonly Binding<WithZoom>[] = [
  {
    keys: ["("],
    label: "wider",
    help: "bars over more time: what is held, the last hour, day, week; h and l walk them, [ and ] go to their bursts",
    possible: ({ zoom }) => zoom.canGo(1) || "a week is the most",
    run: ({ zoom }) => zoom.turn(1),
  },
  {
    keys: [")"],
    label: "narrower",
    help: "bars over less time, around the selected bar",
    possible: ({ zoom }) => zoom.canGo(-1) || "these are the bars of what is held",
    run: ({ zoom }) => zoom.turn(-1),
  },
]
