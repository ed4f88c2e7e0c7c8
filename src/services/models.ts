import { type Kysely, type RawBuilder, sql } from "kysely"
import { creationOfMissing } from "../adapters/postgres/indexes.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import type { Asked } from "./list-filter.ts"

/** The index of `runs.model`. */
export const MODEL_INDEX = "runs_model_newest"

/** Returns `typed` where a run has this model, else the models whose names begin so: `claude` stands for all of Claude. */
export async function modelsNamed(db: Kysely<Tables>, typed: string, { period }: Asked): Promise<string[]> {
  const isIndexed = (await creationOfMissing(db, MODEL_INDEX, "deleted_at is null")) === undefined
  const { rows } = await (isIndexed ? fromOneToNext : distinctIn(period)).execute(db)
  const names = rows.map(({ model }) => model)
  return names.includes(typed) ? [typed] : names.filter(name => name.startsWith(typed))
}

interface Model {
  readonly model: string
}

/** The models of all runs, from one to the next in the index: there are few, however many runs there are. */
const fromOneToNext = sql<Model>`
  with recursive models as (
    select min(model) as model from runs where deleted_at is null and model is not null
    union all
    select (select min(model) from runs where deleted_at is null and model > models.model)
    from models where models.model is not null
  )
  select model from models where model is not null`

const distinctIn = (period: RawBuilder<boolean>) =>
  sql<Model>`select distinct model from runs where deleted_at is null and model is not null and ${period}`
