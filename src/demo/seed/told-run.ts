import type { Course, Story } from "./run-events.ts"

/** A run of the last minutes with something to find in it; ages and durations in seconds. */
export interface Told {
  readonly age: number
  readonly lasts: number
  readonly turns: number
  readonly status: Course["status"]
  readonly story?: Story
  readonly persona?: string
  /** Tokens that it took in; drawn where left out. Such a run goes the first route. */
  readonly tokensIn?: number
}
