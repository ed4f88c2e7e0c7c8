import { sql } from "kysely"
import { readEndpoint } from "../../adapters/postgres/endpoint.ts"
import type { Generation } from "../../adapters/postgres/generation.ts"
import type { Grant } from "../../domain/check.ts"
import { DeckError } from "../../domain/errors.ts"
import { type GrantTarget, postgresGrants, tableRights } from "../grants.ts"
import type { ExaminationContext } from "../operation.ts"
import { redisGrant } from "../redis-rights.ts"

const PURPOSES = ["reading", "everything"] as const

/** Statements that grant opsdeck its rights in the present database, or in that of a given `generation`. */
export async function grantsFor(context: ExaminationContext, generation: Generation | undefined): Promise<Grant[]> {
  const place = generation === undefined ? await placeFound(context) : placeNamed(context, generation)
  return PURPOSES.flatMap(purpose => [
    ...postgresGrants(purpose, place).map(statement => ({ purpose, store: "postgres" as const, statement })),
    { purpose, store: "redis" as const, statement: redisGrant(purpose, context.redis.options.stream) },
  ])
}

const placeNamed = ({ config }: ExaminationContext, generation: Generation): GrantTarget => ({
  database: readEndpoint(config.postgres.url).database,
  schema: "public",
  generation,
  tables: undefined,
})

async function placeFound({ postgres, signal }: ExaminationContext): Promise<GrantTarget> {
  try {
    const generation = await postgres.generation()
    const names = [...new Set(tableRights("everything", generation).map(({ table }) => table))]
    const { rows } = await postgres.run(
      db =>
        sql<{ database: string; schema: string; tables: string[] }>`
          select current_database() as database,
            (select nspname from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = to_regclass('users'))
              as schema,
            array(select name from unnest(${names}::text[]) as name where to_regclass(name) is not null) as tables
        `.execute(db),
      signal,
    )
    const { database, schema, tables } = rows[0] as (typeof rows)[number]
    return { database, schema, generation, tables: new Set(tables) }
  } catch (error) {
    if (!(error instanceof DeckError) || error.code !== "unavailable") throw error
    const message = `${error.message}; if it is unreachable, use --generation orgs or --generation accounts`
    throw new DeckError("unavailable", message, { cause: error })
  }
}
