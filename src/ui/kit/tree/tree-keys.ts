import type { Binding } from "../../keys/binding.ts"
import { EVERY_MOTION, type Moving, moving } from "../moving.ts"

interface Turning extends Moving {
  turn(step: "in" | "out" | "turn"): void
}

/** Keys that open, close and leave branches. */
export const branchBindings: readonly Binding<Turning>[] = [
  {
    keys: ["right", "l"],
    repeats: true,
    label: "into",
    help: "open a branch, then enter it",
    run: model => model.turn("in"),
  },
  {
    keys: ["left", "h"],
    repeats: true,
    label: "out of",
    help: "close a branch, then go to its parent",
    run: model => model.turn("out"),
  },
]

/** Keys that move through the rows of a tree, and reload it. */
export const treeBindings: readonly Binding<Moving & { refresh(): void }>[] = [
  ...moving({
    ...EVERY_MOTION,
    top: { label: "first", help: "the root" },
    end: { label: "last", help: "the last row" },
  }),
  { keys: ["ctrl-r"], label: "refresh", footer: true, help: "reload the tree", run: model => model.refresh() },
]
