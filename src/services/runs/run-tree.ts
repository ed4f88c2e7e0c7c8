import { type Kysely, sql } from "kysely"
import { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { id } from "../../domain/fields.ts"
import { RUNNING_STATUSES } from "../../domain/run.ts"
import type { RunNode, RunTree } from "../../domain/run-tree.ts"
import { defineOperation } from "../operation.ts"
import { integer } from "./described-runs.ts"
import { COST_OF_TURNS } from "./run-measures.ts"
import { noRun } from "./run-status.ts"

/** Levels and runs that are read of a tree, and levels above a run that are looked for its beginning. */
export const DEEPEST = 20
export const MOST_RUNS = 2_000

/** All that a run belongs to: the first run above it, and what came of that. No command of its own. Throws DeckError `not_found`. */
export const readRunTree = defineOperation({
  words: ["runs", "tree"],
  summary: "the runs that started one another, with the cost of each branch",
  input: z.object({ run_id: id }),
  answer: z.custom<RunTree>(),
  mayLag: true,
  run: ({ postgres, signal }, { run_id }) =>
    postgres.run(async db => {
      const first = await firstAbove(db, run_id)
      if (first === undefined) throw noRun(run_id)
      const rows = await runsBelow(db, first.id)
      const nodes = rows.slice(0, MOST_RUNS).map(({ depth: _, has_more: __, ...node }): RunNode => node)
      const isDeeper = rows.some(({ depth, has_more }) => depth === DEEPEST && has_more)
      return { nodes, cut: rows.length > MOST_RUNS || isDeeper, cut_above: first.parent !== null }
    }, signal),
})

/** The first of the runs above one; in a ring, and beyond the deepest level, the farthest that was found. */
async function firstAbove(db: Kysely<Tables>, runId: string) {
  const { rows } = await sql<{ id: string; parent: string | null }>`
    with recursive above(id, parent, depth, ids) as (
      select id, parent_run_id, 0, array[id] from runs where id = ${runId}
      union all
      select runs.id, runs.parent_run_id, depth + 1, ids || runs.id from above join runs on runs.id = above.parent
      where depth < ${DEEPEST} and runs.id <> all(ids)
    )
    select id, parent from above order by depth desc limit 1`.execute(db)
  const [found] = rows
  if (found?.parent == null) return found
  // Where its parent is gone it is the first one all the same, and in a ring it is its own beginning.
  const beyond = await db.selectFrom("runs").select("id").where("id", "=", found.parent).executeTakeFirst()
  return { ...found, parent: beyond === undefined ? null : found.parent }
}

type FoundNode = RunNode & { readonly depth: number; readonly has_more: boolean }

/**
 * The runs below `first`, level by level, and it itself. A run has one parent, so only the first can be met twice. The own
 * total of a run is written at its end; before that, its turns say what they cost.
 */
async function runsBelow(db: Kysely<Tables>, first: string): Promise<FoundNode[]> {
  const { rows } = await sql<{
    [Field in keyof FoundNode]: FoundNode[Field] extends bigint | null ? string : FoundNode[Field]
  }>`
    with recursive tree(id, parent, depth) as (
      select id, null::uuid, 0 from runs where id = ${first}
      union all
      select next.id, tree.id, depth + 1 from tree, lateral (
        select id from runs where parent_run_id = tree.id and id <> ${first} order by created_at, id limit ${MOST_RUNS} + 1
      ) as next where depth < ${DEEPEST}
    ), found as (select * from tree limit ${MOST_RUNS} + 1)
    select runs.id as run_id, found.parent as parent_run_id, status, model, persona_id, duration_ms, created_at, deleted_at,
      total_input_tokens, total_output_tokens, depth,
      depth = ${DEEPEST} and exists (select from runs as below where below.parent_run_id = runs.id) as has_more,
      round(coalesce(total_cost_usd, turned, 0) * 100000000)::text as cost
    from found join runs on runs.id = found.id, lateral (
      select ${COST_OF_TURNS} as turned
      from run_events
      where runs.status in (${sql.join([...RUNNING_STATUSES])}) and run_id = runs.id and type = 'llm.turn.completed'
    ) as turns
    order by depth, created_at, runs.id`.execute(db)
  return rows.map(row => ({
    ...row,
    duration_ms: integer(row.duration_ms),
    total_input_tokens: integer(row.total_input_tokens),
    total_output_tokens: integer(row.total_output_tokens),
    cost: BigInt(row.cost),
  }))
}
