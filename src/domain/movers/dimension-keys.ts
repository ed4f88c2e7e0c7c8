import { type DimensionKey, LOG_FIELDS } from "../access-log-fields.ts"

export type { DimensionKey } from "../access-log-fields.ts"

const keysOf = (isOutcome: boolean) =>
  LOG_FIELDS.filter(({ name }) => (name === "status") === isOutcome).flatMap(field =>
    Object.keys(field.dimensions ?? {}),
  )

/** Dimensions that requests are counted and pivoted by, in the order shown: the outcome comes last. */
export const DIMENSION_KEYS = [...keysOf(false), ...keysOf(true)] as DimensionKey[]
