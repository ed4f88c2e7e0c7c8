import pg from "pg"
import { DeckError } from "../../domain/errors.ts"
import { chooseServer } from "./choice.ts"
import { readEndpoints } from "./endpoint.ts"
import { isAnswer, toDeckError, withTime } from "./errors.ts"
import { SCHEMA, TRIGRAM_INDEXES } from "./schema.ts"
import { ANSWER_TIMEOUT_MS } from "./session.ts"

/** Counts tables, views and sequences, except those of PostgreSQL and its extensions. */
const COUNT_RELATIONS = `
select count(*)::int as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/** `opsdeck migrate`: creates the tables, all or none, in an empty database; throws "conflict" for any other. */
export async function migrate(url: string): Promise<string> {
  const endpoints = readEndpoints(url)
  const { endpoint } = await chooseServer(endpoints).catch(error => {
    throw toDeckError(error, endpoints.all[0])
  })
  const patienceMs = endpoints.connectTimeoutMs ?? ANSWER_TIMEOUT_MS
  const client = new pg.Client({
    ...endpoint.config,
    connectionTimeoutMillis: patienceMs,
    query_timeout: 35_000,
  })
  client.on("error", () => {}) // The running query reports it.
  try {
    await client.connect()
    await client.query("begin")
    await client.query("set local statement_timeout = '30s'")
    // Two concurrent runs would both find the database empty.
    await client.query("select pg_advisory_xact_lock(hashtext('opsdeck migrate'))")
    const { rows } = await client.query<{ count: number }>(COUNT_RELATIONS)
    if (rows[0]?.count !== 0) {
      throw new DeckError(
        "conflict",
        `the database "${endpoint.database}" at ${endpoint.address} is not empty: migrate only creates tables in an empty database`,
      )
    }
    await client.query(SCHEMA)
    await tryOptional(client, TRIGRAM_INDEXES)
    await client.query("commit")
    return endpoint.database
  } catch (error) {
    throw toDeckError(withTime(error as Error, patienceMs), endpoint)
  } finally {
    await client.end()
  }
}

/** Runs a query that the server may not support or may deny to this role; the tables work without it. */
async function tryOptional(client: pg.Client, query: string): Promise<void> {
  await client.query("savepoint optional")
  try {
    await client.query(query)
  } catch (error) {
    if (!isAnswer(error)) throw error
    await client.query("rollback to savepoint optional")
  }
}
