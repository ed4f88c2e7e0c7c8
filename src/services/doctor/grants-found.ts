import { sql } from "kysely"
import { readEndpoint } from "../../adapters/postgres/endpoint.ts"
import type { Generation } from "../../adapters/postgres/generation.ts"
import { readEndpoint as readRedisEndpoint } from "../../adapters/redis/endpoint.ts"
import type { Grant } from "../../domain/check.ts"
import { DeckError } from "../../domain/errors.ts"
import { EVENT_SEQUENCE, type GrantTarget, postgresGrants, tableRights } from "../grants.ts"
import type { ExaminationContext } from "../operation.ts"
import { type RedisPurpose, redisGrant } from "../redis-rights.ts"

/** Whether the table `name` has the column `col`. */
export const hasColumn = sql<boolean>`exists (select from pg_attribute
  where attrelid = to_regclass(name) and attname = col and not attisdropped)`

const PURPOSES = ["reading", "everything"] as const

/**
 * Statements that grant opsdeck its rights in the present database, or in that of a given `generation`; those to read what users
 * wrote where asked for.
 */
export async function grantsFor(
  context: ExaminationContext,
  generation: Generation | undefined,
  withMessages: boolean,
): Promise<Grant[]> {
  const found = generation === undefined ? await placeFound(context) : placeNamed(context, generation)
  const place = { ...found, withMessages }
  const { options, gateways } = context.redis
  const targets = [options.api, ...gateways.map(({ redis }) => redis)]
  const isCluster = targets.some(target => readRedisEndpoint(target).nodes !== undefined)
  const streams = gateways.map(({ stream }) => stream)
  const redis = (purpose: RedisPurpose) => ({
    purpose,
    store: "redis" as const,
    statement: redisGrant(purpose, streams, isCluster),
  })
  return [
    ...PURPOSES.flatMap(purpose => [
      ...postgresGrants(purpose, place).map(statement => ({ purpose, store: "postgres" as const, statement })),
      redis(purpose),
    ]),
    redis("recording"),
  ]
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
    const rights = tableRights("everything", generation, true)
    const names = [EVENT_SEQUENCE, ...new Set(rights.map(({ table }) => table))]
    const columns = rights.flatMap(({ table, column }) => (column === null ? [] : [{ table, column }]))
    const { rows } = await postgres.run(
      db =>
        sql<{ database: string; schema: string; tables: string[]; missing: string[] }>`
          select current_database() as database,
            (select nspname from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = to_regclass('users'))
              as schema,
            array(select name from unnest(${names}::text[]) as name where to_regclass(name) is not null) as tables,
            array(
              select name || '.' || col
              from unnest(${columns.map(({ table }) => table)}::text[], ${columns.map(({ column }) => column)}::text[])
                as named(name, col)
              where to_regclass(name) is not null and not ${hasColumn}
            ) as missing
        `.execute(db),
      signal,
    )
    const { database, schema, tables, missing } = rows[0] as (typeof rows)[number]
    return { database, schema, generation, tables: new Set(tables), missing: new Set(missing) }
  } catch (error) {
    if (!(error instanceof DeckError) || error.code !== "unavailable") throw error
    const message = `${error.message}; if it is unreachable, use --generation orgs or --generation accounts`
    throw new DeckError("unavailable", message, { cause: error })
  }
}
