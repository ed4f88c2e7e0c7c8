import { type RawBuilder, sql } from "kysely"
import { readEndpoints } from "../../adapters/postgres/endpoint.ts"
import { missingIndexes } from "../../adapters/postgres/indexes.ts"
import { isLoopback } from "../../config/urls.ts"
import { failure, ok, warning } from "../../domain/check.ts"
import { isOptional, type Purpose, requiredTables, tableRights } from "../grants.ts"
import type { Stores } from "../operation.ts"
import { tablesWithHiddenRows } from "../row-security.ts"
import { type Check, GRANTS } from "./check.ts"
import { hasColumn } from "./grants-found.ts"
import { clockSkew, latency, versionOf } from "./measures.ts"
import { lookAtReadReplica, lookAtRole } from "./postgres-topology.ts"

/** The oldest version that every operation was tested with. */
const OLDEST = 12

export const postgresConnection: Check = {
  area: "postgres",
  name: "connection",
  remedy: ["check DATABASE_URL, and that this host can reach the server"],
  async look({ postgres, signal }) {
    await postgres.ping(signal) // With it a server is chosen.
    return latency(postgres.address, () => postgres.ping(signal))
  },
}

const check = (name: string, look: Check["look"]): Check => ({
  area: "postgres",
  name,
  after: [postgresConnection],
  look,
})

const version = check("version", async stores => {
  const { version } = await one(stores, sql<{ version: string }>`select current_setting('server_version') as version`)
  return versionOf(version)[0] >= OLDEST
    ? ok(version)
    : failure(`${version} is older than any version tested with opsdeck`, `upgrade to PostgreSQL ${OLDEST} or newer`)
})

const role = check("role", lookAtRole)

const tls = check("TLS", async ({ config, ...stores }) => {
  const { all } = readEndpoints(config.postgres.url)
  const { config: client, host } = all.find(({ address }) => address === stores.postgres.address) ?? all[0]
  const there = await one(
    stores,
    sql<{ version: string | null }>`select
      (select version from pg_stat_ssl where pid = pg_backend_pid() and ssl) as version`,
  )
  if (client.ssl) {
    if (there.version !== null) return ok(`${there.version}, certificate verified`)
    return warning(
      "only up to the pooler; unencrypted from there to the server",
      "enable TLS between pooler and server",
    )
  }
  if (host.startsWith("/") || isLoopback(host)) return ok("not needed: the connection does not leave this host")
  return warning(
    "off: passwords and data are sent unencrypted",
    "add ?sslmode=verify-full to DATABASE_URL, with &sslrootcert=FILE for a private authority",
  )
})

const tables = check("tables", async stores => {
  const generation = await stores.postgres.generation()
  const query = sql<{ missing: string[] }>`
    select array(select name from unnest(${requiredTables(generation)}::text[]) as name where to_regclass(name) is null)
      as missing`
  const { missing } = await one(stores, query)
  return missing.length === 0
    ? ok(`the platform's, of the ${generation} generation`)
    : failure(
        `missing, or not in the search_path: ${missing.join(", ")}`,
        "have the platform create its tables, or set the role's search path: ALTER ROLE ... SET search_path",
      )
})

const rights = check("rights", async stores => {
  const [reading, telling] = await missingRights(stores, "reading")
  if (reading.length > 0) return failure(`missing: ${[...reading, ...telling].join(", ")}`, GRANTS)
  if (telling.length > 0) return warning(`without ${telling.join(", ")} some details are unavailable`, GRANTS)
  const changing = (await missingRights(stores, "everything")).flat()
  if (changing.length === 0) return ok("all that are required")
  return ok(`for reading; changes also need ${changing.join(", ")}`)
})

/** Returns the missing rights on the existing tables: those needed, and those on tables that opsdeck works without. */
async function missingRights(stores: Stores, purpose: Purpose): Promise<[needed: string[], telling: string[]]> {
  const needed = tableRights(purpose, await stores.postgres.generation())
  const columns = [needed.map(({ table }) => table), needed.map(({ privilege }) => privilege)]
  const query = sql<{ table: string; privilege: string }>`
    select distinct name as table, privilege
    from unnest(${columns[0]}::text[], ${columns[1]}::text[], ${needed.map(({ column }) => column)}::text[])
      as needed(name, privilege, col)
    where to_regclass(name) is not null and not case when col is null
      then has_table_privilege(to_regclass(name), privilege)
      when ${hasColumn} then has_column_privilege(to_regclass(name), col, privilege)
      else true end
    order by privilege, name`
  const { rows } = await stores.postgres.run(db => query.execute(db), stores.signal)
  const told = (optional: boolean) =>
    rows.filter(({ table }) => isOptional(table) === optional).map(({ table, privilege }) => `${privilege} on ${table}`)
  return [told(false), told(true)]
}

const rowSecurity = check("row security", async stores => {
  const hidden = await tablesWithHiddenRows(stores)
  if (hidden.length === 0) return ok("hides no rows from this role")
  return warning(
    `may hide rows of ${hidden.join(", ")} from this role: lists and counts leave them out`,
    "have the owner of the tables give this role a policy: CREATE POLICY opsdeck ON ... TO ... USING (true)",
    "or have a superuser exempt it: ALTER ROLE ... BYPASSRLS",
  )
})

const indexes = check("indexes", async ({ postgres, signal }) => {
  const generation = await postgres.generation()
  const found = await postgres.run(db => missingIndexes(db, generation), signal)
  const { missing, statements, wanted, canSearchParts } = found
  const parts = canSearchParts ? [] : ["install PostgreSQL's contrib package on the server: it has no pg_trgm"]
  if (missing.length === 0 && canSearchParts) return ok(`all ${wanted} indexes of lists and searches`)
  const says = canSearchParts
    ? `${missing.length} of ${wanted} are missing: lists and searches read whole tables`
    : "no pg_trgm here: a search for a part of a name reads whole tables"
  return warning(says, ...parts, ...statements)
})

const clock = check("clock", stores =>
  clockSkew(async () => {
    const query = sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`
    return (await one(stores, query)).ms
  }),
)

/** Left out where no replica is to be read. */
export const readReplica = check("read replica", lookAtReadReplica)

export const postgresChecks: readonly Check[] = [
  postgresConnection,
  version,
  tls,
  role,
  readReplica,
  tables,
  rights,
  rowSecurity,
  indexes,
  clock,
]

const one = async <Row>({ postgres, signal }: Stores, query: RawBuilder<Row>): Promise<Row> =>
  (await postgres.run(db => query.execute(db), signal)).rows[0] as Row
