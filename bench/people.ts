import { sql } from "kysely"
import type { Postgres } from "../src/adapters/postgres/connection.ts"
import { PARTS } from "../src/domain/dashboard.ts"
import type { Operator } from "../src/domain/operator.ts"
import { showDashboard } from "../src/services/dashboard/dashboard.ts"
import { DashboardReader } from "../src/services/dashboard/dashboard-reader.ts"
import { Deck } from "../src/services/deck.ts"
import { commandOf } from "../src/services/operation.ts"
import { listUsers } from "../src/services/users/users.ts"
import { cursorOfPage, type ListedBy, onDatabase } from "./database.ts"
import { median, timed, timeOf } from "./measures.ts"
import { populate, SEARCHES } from "./population.ts"
import { against, type BenchRow } from "./report.ts"

const LIMIT = 50
const FAR_PAGE = 1_000
const REFRESHES = 20
const NEW_USERS = 10
const NEW_RUNS = 100
const NEW_USAGE = 250
const TIMEOUT_MS = 120_000
const OURS = "migrate's indexes"
const LISTED = sql`users where deleted_at is null and status <> 'deleted'`

const BY_EMAIL: ListedBy = { sort: "email", column: "email", order: "email, id" }

/** Lists, search and dashboard on a platform of a million users; medians, each beside its reference in the same run. */
export async function peopleBench(): Promise<BenchRow[]> {
  return await onDatabase(async (url, postgres) => {
    const { addOurIndexes } = await populate(url)
    const platforms = await measure(postgres, "platform's indexes")
    await addOurIndexes()
    return [...platforms, ...(await measure(postgres, OURS))]
  })
}

async function measure(postgres: Postgres, indexes: string): Promise<BenchRow[]> {
  const deck = new Deck({ postgres, redis: null as never }, {} as Operator)
  const row = (name: string, value: number) => ({ name: `${indexes}: ${name}`, value, unit: "ms" })
  const one = await timeOf(() => postgres.run(db => sql`select 1`.execute(db)))
  const list = (input: object) => timeOf(() => deck.run(commandOf(listUsers), { limit: LIMIT, ...input }))
  const first = await list({})
  const cursor = await cursorOfPage(postgres, LISTED, FAR_PAGE, LIMIT)
  const far = await list({ cursor })
  const searches: BenchRow[] = []
  for (const [kind, q] of Object.entries(SEARCHES)) {
    const found = row(`search by three letters, ${kind}`, await list({ q }))
    searches.push(indexes === OURS ? { ...found, target: { atMost: 100 } } : found)
  }
  const plain = await timeOf(() => plainQueries(postgres))
  const { counting, refresh, foundPercent } = await measureRefresh(postgres, deck)
  return [
    row("SELECT 1", one),
    against(3 * one + 5, { ...row("first page of users (beside 3 x SELECT 1 + 5 ms)", first), target: { atMost: 1 } }),
    against(first, { ...row(`page ${FAR_PAGE} of users (beside the first)`, far), target: { atMost: 1.5 } }),
    ...(indexes === OURS ? await measureSorted(postgres, list, row) : []),
    ...searches,
    row("plain COUNT and SUM of the dashboard's figures", plain),
    against(plain, { ...row("a dashboard refresh (beside them)", refresh), target: { atMost: 0.1 } }),
    { name: `${indexes}: new rows that the refreshes found`, value: foundPercent, unit: "%" },
    against(plain, row("the dashboard's first counting (beside them)", counting)),
  ]
}

/** Users by their e-mail addresses, beside the query that one would write for it. */
async function measureSorted(
  postgres: Postgres,
  list: (input: object) => Promise<number>,
  row: (name: string, value: number) => BenchRow,
): Promise<BenchRow[]> {
  const { sort, order } = BY_EMAIL
  const query = sql`select users.*, login from ${LISTED_AS_USERS} left join user_credentials on user_id = users.id
    order by ${sql.raw(order.replace(" id", " users.id"))} limit ${LIMIT + 1}`
  const plain = await timeOf(() => postgres.run(db => query.execute(db)))
  const first = await list({ sort })
  const far = await list({ sort, cursor: await cursorOfPage(postgres, LISTED, FAR_PAGE, LIMIT, BY_EMAIL) })
  return [
    against(plain, {
      ...row("first page of users by e-mail (beside the plain query)", first),
      target: { atMost: 5 },
    }),
    against(first, { ...row(`page ${FAR_PAGE} by e-mail (beside the first)`, far), target: { atMost: 1.5 } }),
  ]
}

const LISTED_AS_USERS = sql`(select * from ${LISTED}) as users`

/** The figures as one would ask for them by hand, one after another. */
async function plainQueries(postgres: Postgres): Promise<void> {
  for (const query of PLAIN) await postgres.run(db => sql.raw(query).execute(db), undefined, TIMEOUT_MS)
}

const PLAIN = [
  "select count(*) from users where deleted_at is null",
  "select count(*) from users where deleted_at is null and last_login_at >= now() - interval '30 days'",
  "select count(*) from runs where deleted_at is null",
  "select count(*) from runs where deleted_at is null and created_at >= date_trunc('day', now())",
  "select sum(input_tokens), sum(output_tokens), sum(cost_usd) from usage_records",
  "select count(*) from orgs where deleted_at is null and status = 'active'",
]

/** The first reading of the dashboard, and the median of those that follow while the platform goes on. */
async function measureRefresh(postgres: Postgres, deck: Deck) {
  const reader = new DashboardReader(deck)
  const { signal } = new AbortController()
  const read = () => Promise.all(PARTS.map(part => reader.refresh(part, signal)))
  const counting = await timed(read)
  const times: number[] = []
  for (let round = 0; round < REFRESHES; round++) {
    await addRows(postgres)
    times.push(await timed(read))
  }
  const [users, , runs] = await read()
  const exact = await deck.run(showDashboard, {})
  const missing = Number(exact.total_users - users!.totals.count + exact.total_runs - runs!.totals.count)
  const added = REFRESHES * (NEW_USERS + NEW_RUNS)
  return { counting, refresh: median(times), foundPercent: 100 * (1 - missing / added) }
}

/** What half a minute may bring between two refreshes: rows like the others. */
async function addRows(postgres: Postgres): Promise<void> {
  await postgres.transaction(async tx => {
    await sql`insert into users (username, email) select name, name || '@example.com'
      from (select 'new' || left(gen_random_uuid()::text, 12) as name from generate_series(1, ${NEW_USERS}::int) n)`.execute(
      tx,
    )
    await sql`insert into runs (org_id, thread_id, created_by_user_id, status, model, duration_ms)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'completed', 'model-1', 1000 + n
      from generate_series(1, ${NEW_RUNS}::int) n`.execute(tx)
    await sql`insert into usage_records (org_id, run_id, model, input_tokens, output_tokens, cost_usd)
      select gen_random_uuid(), gen_random_uuid(), 'model-1', 1000 + n, n, n * 0.00000123
      from generate_series(1, ${NEW_USAGE}::int) n`.execute(tx)
  })
}
