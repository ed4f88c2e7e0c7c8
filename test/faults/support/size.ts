/** How large a run is: `short` belongs to `npm test`, `full` is what the report tells of, `long` takes hours. */
export type Size = "short" | "full" | "long"

/** The variable that carries the size from the command line to the scenarios. */
export const SIZE_VARIABLE = "OPSDECK_FAULTS"

/** The size of this run. */
export function sizeOfRun(): Size {
  const size = process.env[SIZE_VARIABLE]
  return size === "full" || size === "long" ? size : "short"
}

/** What belongs to the size of this run; a long one is a full one where nothing else is said. */
export const sized = <T>(sizes: { readonly short: T; readonly full: T; readonly long?: T }): T =>
  sizes[sizeOfRun()] ?? sizes.full
