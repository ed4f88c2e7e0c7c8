import pg from "pg"

const USERS = 1_000_000
const RUNS = 2_000_000

/** The tables that the figures are taken on. */
const TABLES = ["users", "user_credentials", "refresh_tokens", "orgs", "org_memberships", "runs", "usage_records"]

/** The indexes of the platform's own migrations on them, beside those of its keys (Arkloop, as of 2026). */
const PLATFORM_INDEXES = [
  "refresh_tokens (user_id)",
  "org_memberships (org_id)",
  "org_memberships (user_id)",
  "runs (org_id)",
  "runs (thread_id)",
  "runs (org_id, created_at desc, id desc) where deleted_at is null",
  "runs (parent_run_id) where parent_run_id is not null",
  "usage_records (org_id, recorded_at)",
]

/** Letters that a tenth of all names have, that fifty have, and that nobody has. */
export const SEARCHES = { frequent: "ali", rare: "zqx", absent: "qqj" }

const SYLLABLES = `array['ma','ri','ten','ko','sol','ali','ber','dun','fen','gor','hel','ira','jos','kel','lum','nor','osk','pet','ros','tam']`
const syllable = (each: number) => `(${SYLLABLES})[1 + (n / ${each}) % 20]`
const NAME = `${syllable(1)} || ${syllable(20)} || ${syllable(400)} || case when n % 20000 = 7 then '${SEARCHES.rare}' else '' end || n`
/** A made-up id that can be said again without looking it up. */
const idOf = (kind: string, n: string) => `md5('${kind}' || ${n})::uuid`
/** The oldest of `count` rows was added two years ago, the newest just now. */
const spread = (n: string, count: number) => `now() - (${count} - ${n}) * interval '730 days' / ${count}`

/** People with logins, sessions and organizations; of a hundred, one is deleted and one suspended. */
const PEOPLE = [
  `insert into users (id, username, email, status, deleted_at, created_at)
   select ${idOf("user", "n")}, ${NAME}, ${NAME} || '@example.com',
     case n % 100 when 1 then 'deleted' when 2 then 'suspended' else 'active' end,
     case n % 100 when 1 then now() end, ${spread("n", USERS)}
   from generate_series(1, ${USERS}) n`,
  `insert into user_credentials (user_id, login, password_hash, created_at)
   select id, username, '', created_at from users where deleted_at is null`,
  `insert into refresh_tokens (user_id, token_hash, expires_at, created_at)
   select ${idOf("user", "n")}, md5('token' || n), now() + interval '30 days', ${spread("n", USERS)}
   from generate_series(1, ${USERS}, 4) n`,
  `insert into orgs (id, slug, name, owner_user_id, created_at)
   select ${idOf("org", "n")}, 'org-' || n, 'Organization ' || n, ${idOf("user", "n")}, ${spread("n", USERS)}
   from generate_series(1, ${USERS}, 10) n`,
  `insert into org_memberships (org_id, user_id)
   select ${idOf("org", "n - (n - 1) % 10")}, ${idOf("user", "n")} from generate_series(1, ${USERS}) n`,
]

/** Runs of everybody. */
const RUNS_OF_ALL = `insert into runs (id, org_id, thread_id, created_by_user_id, status, model, duration_ms, total_input_tokens, total_output_tokens,
     total_cost_usd, created_at)
   select ${idOf("run", "n")}, ${idOf("org", `1 + 10 * (n % ${USERS / 10})`)}, ${idOf("run", "n")},
     ${idOf("user", `n % ${USERS}`)}, case n % 20 when 0 then 'failed' else 'completed' end, 'model-' || n % 7, n % 90000,
     n % 90000, n % 90000 / 7, n % 90000 * 0.00000123, ${spread("n", RUNS)}
   from generate_series(1, ${RUNS}) n`

/** The runs, each with its usage: of its model and of its memory, and of a tool in every other. */
const WORK = [
  RUNS_OF_ALL,
  `insert into usage_records (org_id, run_id, model, input_tokens, output_tokens, cost_usd, usage_type, recorded_at)
   select org_id, id, model, duration_ms, duration_ms / 7, duration_ms * 0.00000123, usage_type, created_at
   from runs cross join unnest(array['llm', 'memory', 'tool']) as usage_type
   where usage_type <> 'tool' or duration_ms % 2 = 0`,
]

/** Fills an empty database of the contract's tables, and leaves it with the platform's own indexes alone. */
export async function populate(url: string): Promise<{ addOurIndexes: () => Promise<void> }> {
  const ours = await indexesOf(url, TABLES)
  const keys = await rows(url, KEYS)
  await runAll(url, [
    ...TABLES.map(table => `alter table ${table} set unlogged`),
    ...ours.map(({ name }) => `drop index ${name}`),
    ...keys.map(({ name, table }) => `alter table ${table} drop constraint ${name}`),
  ])
  await Promise.all([runAll(url, PEOPLE), runAll(url, WORK)])
  const added = keys.map(({ name, table, definition }) => `alter table ${table} add constraint ${name} ${definition}`)
  const platforms = PLATFORM_INDEXES.map((columns, i) => `create index platform_${i} on ${columns}`)
  await Promise.all(halves([...added, ...platforms]).map(half => runAll(url, half)))
  await runAll(url, ["vacuum analyze"])
  return {
    addOurIndexes: async () => {
      await runAll(url, [
        ...platforms.map((_, i) => `drop index platform_${i}`),
        ...ours.map(({ definition }) => definition),
        "vacuum analyze",
      ])
    },
  }
}

/** Fills the runs alone of an empty database of the contract's tables, with the indexes that `migrate` makes. */
export async function populateRuns(url: string): Promise<void> {
  const ours = await indexesOf(url, ["runs"])
  await runAll(url, [
    "alter table runs set unlogged",
    ...ours.map(({ name }) => `drop index ${name}`),
    RUNS_OF_ALL,
    ...ours.map(({ definition }) => definition),
    `insert into run_events (run_id, seq, ts, type, error_class)
     select id, 1, created_at, 'run.failed', case duration_ms % 3 when 0 then 'provider.rate_limited' else 'provider.timeout' end
     from runs where status = 'failed'`,
    "vacuum analyze runs, run_events",
  ])
}

export interface Definition {
  readonly table: string
  readonly name: string
  readonly definition: string
}

const anyOf = (tables: readonly string[]) => `any(array[${tables.map(table => `'${table}'::regclass`).join()}])`

/** The indexes of these tables that `migrate` adds to those of the keys; a unique one is the platform's as well. */
export const indexesOf = (url: string, tables: readonly string[]): Promise<Definition[]> =>
  rows(
    url,
    `select indexrelid::regclass::text as name, indrelid::regclass::text as table, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = ${anyOf(tables)} and not indisunique`,
  )

const KEYS = `
select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition
from pg_constraint where conrelid = ${anyOf(TABLES)} and contype in ('p', 'u') order by contype`

async function rows(url: string, query: string): Promise<Definition[]> {
  return (await onClient(url, client => client.query<Definition>(query))).rows
}

/** Runs statements one after another, on a connection of their own. */
export const runAll = (url: string, statements: readonly string[]): Promise<void> =>
  onClient(url, async client => {
    // Indexes are built in memory, and the server never has to be started again.
    await client.query("set maintenance_work_mem = '512MB'")
    for (const statement of statements) await client.query(statement)
  })

async function onClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const halves = (all: readonly string[]) => [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)]
