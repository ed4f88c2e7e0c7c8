/** The filters that were in force before the present one, the newest last. */
export type FilterSteps = readonly string[]

export type FilterStep =
  /** `was` is in force no longer. */
  | { readonly type: "push"; readonly was: string }
  /** The newest of them is in force again. */
  | { readonly type: "undo" }

/** More steps than anybody goes back. */
const KEPT = 100

export function filterSteps(steps: FilterSteps, step: FilterStep): FilterSteps {
  switch (step.type) {
    case "push":
      return [...steps, step.was].slice(-KEPT)
    case "undo":
      return steps.slice(0, -1)
  }
}
