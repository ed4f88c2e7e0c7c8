import { z } from "zod"
import { DIMENSION_KEYS, type DimensionKey } from "../movers/dimension-keys.ts"
import { type DimensionMovers, MOVERS_SORTS, type Mover } from "../movers/movers-snapshot.ts"
import { missingParts } from "./missing.ts"
import { type CountedMover, topAnswer, topQuery } from "./top.ts"

const key = z.enum(DIMENSION_KEYS as [DimensionKey, ...DimensionKey[]])

/** Input of the movers of a window: as `log top`, of all dimensions of the panel or of `only` one. */
export const windowMoversQuery = z.object({
  filter: topQuery.shape.filter,
  since: topQuery.shape.since,
  until: topQuery.shape.until,
  sort: z.enum(MOVERS_SORTS),
  reversed: z.boolean().optional(),
  only: key.optional(),
  limit: topQuery.shape.limit,
})

/** Movers of a window, by dimension. */
export const windowMoversAnswer = z.object({
  /** Seconds of the window that are held: rates are of these. */
  seen: z.number(),
  missing: missingParts,
  dimensions: z.array(z.object({ key, distinct: z.number(), data: topAnswer.shape.data })),
})
export type WindowMovers = z.infer<typeof windowMoversAnswer>

/** Returns the movers as the panel has those of the live log. */
export const panelMovers = ({ dimensions }: WindowMovers): readonly DimensionMovers[] =>
  dimensions.map(({ key, distinct, data }) => ({ key, distinct, isWhole: true, movers: data.map(moverOf) }))

const moverOf = ({ value, requests, per_second, share, refused, failed, p95, change }: CountedMover): Mover => ({
  value,
  perSecond: per_second,
  count: requests,
  share,
  refused: refused / (requests || 1),
  failed: failed / (requests || 1),
  p95,
  before: change === null ? null : Math.max(0, per_second - change),
  error: 0,
})
