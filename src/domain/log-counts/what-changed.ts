import { z } from "zod"
import { rfc3339 } from "../access-log.ts"
import type { SqlRow } from "../sql-dialect.ts"
import { isByChance } from "./chance.ts"
import { compareAnswer, compareQuery } from "./compare.ts"
import type { Differences, Explained } from "./explained.ts"
import { countOf } from "./requests.ts"

/** What is compared of the requests that pass the filter: all of them, or those with an outcome, and the term that means these. */
export const COMPARED = { all: undefined, refused: "status:4xx", failed: "status:5xx" } as const
export type ComparedOutcome = keyof typeof COMPARED
const OUTCOMES = Object.keys(COMPARED) as [ComparedOutcome, ...ComparedOutcome[]]

/** Input of the console's comparison: without `of` it compares what changed most gravely. */
export const whatChangedQuery = z.object({
  filter: compareQuery.shape.filter,
  window: compareQuery.shape.window,
  with: compareQuery.shape.with,
  of: z.enum(OUTCOMES).optional(),
})

const outcomes = z.object({ requests: z.number(), refused: z.number(), failed: z.number() })

/** Requests of a window, and how many of these were refused and failed. */
export type WindowOutcomes = z.infer<typeof outcomes>

/** The same, and of how many seconds of the window: those that are held. */
const heldOutcomes = outcomes.extend({ seconds: z.number() })
export type HeldOutcomes = z.infer<typeof heldOutcomes>

/** The answer of `log compare` on `of`, and what both windows had in all. */
export const whatChangedAnswer = z.object({
  ...compareAnswer.shape,
  of: z.enum(OUTCOMES),
  before: heldOutcomes,
  after: heldOutcomes,
  data: z.array(
    z.object({
      ...compareAnswer.shape.data.element.shape,
      /** When the first such request came in the window; null where there were such before. */
      since: z.string().nullable(),
    }),
  ),
})
export type WhatChanged = z.infer<typeof whatChangedAnswer>
export type ChangedValue = WhatChanged["data"][number]

/** Reads the outcomes of both windows. */
export const outcomesOf = (row: SqlRow): { readonly before: WindowOutcomes; readonly after: WindowOutcomes } => ({
  before: outcomesIn(row, "before"),
  after: outcomesIn(row, "after"),
})

const outcomesIn = (row: SqlRow, window: "before" | "after"): WindowOutcomes => ({
  requests: countOf(row[`requests_${window}`]),
  refused: countOf(row[`refused_${window}`]),
  failed: countOf(row[`failed_${window}`]),
})

/** Returns what is to be explained: errors where their share changed by more than chance does, else refusals, else all requests. */
export function gravest(before: WindowOutcomes, after: WindowOutcomes): ComparedOutcome {
  const changed = (outcome: "refused" | "failed") =>
    before.requests > 0 &&
    after.requests > 0 &&
    !isByChance(
      { count: after[outcome], seconds: after.requests },
      { count: before[outcome], seconds: before.requests },
      2,
    )
  return changed("failed") ? "failed" : changed("refused") ? "refused" : "all"
}

/**
 * Returns the values in the order in which they are told: where errors are explained, the status of them is what is asked, and comes
 * behind what explains them; chance comes last.
 */
export function told(of: ComparedOutcome, { data }: Explained, { values }: Differences): ChangedValue[] {
  const firsts = new Map(values.map(({ dimension, value, first }) => [`${dimension} ${value}`, first]))
  const isAsked = ({ dimension }: { readonly dimension: string }) => of !== "all" && dimension === "status"
  return data
    .map(row => {
      const first = firsts.get(`${row.dimension} ${row.value}`) ?? null
      return { ...row, since: row.before_per_s > 0 || first === null ? null : rfc3339(first) }
    })
    .toSorted((a, b) => Number(a.by_chance) - Number(b.by_chance) || Number(isAsked(a)) - Number(isAsked(b)))
}
