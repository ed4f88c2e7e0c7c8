import { sql } from "kysely"
import type { Postgres } from "../src/adapters/postgres/connection.ts"
import type { Operator } from "../src/domain/operator.ts"
import { SUMMED } from "../src/domain/run-sums.ts"
import { RecentReader } from "../src/services/dashboard/recent-reader.ts"
import { readRecent } from "../src/services/dashboard/recent-readings.ts"
import { Deck } from "../src/services/deck.ts"
import { commandOf } from "../src/services/operation.ts"
import { listRuns } from "../src/services/runs/runs.ts"
import { totalOf } from "../src/services/total.ts"
import { onDatabase } from "./database.ts"
import { timed, timesInTurn } from "./measures.ts"
import { populateRuns } from "./population.ts"
import { against, type BenchRow } from "./report.ts"

const LIMIT = 50
const TODAY = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`
/** What failed within it may still change. */
const SETTLED_MS = 15 * 60_000
const TIMEOUT_MS = 120_000

/** Filters, each with the condition that one would write for it. */
const FILTERS = [
  ["status:failed", "status = 'failed'"],
  ["model:model-1", "model = 'model-1'"],
  ["since:30d", "created_at >= now() - interval '30 days'"],
  [
    "status:failed since:30d 'cost>0.05'",
    "status = 'failed' and created_at >= now() - interval '30 days' and total_cost_usd > 0.05",
  ],
] as const

/** Lists of runs with their sums, and sorted by cost; medians, each beside the plain queries of the same run. */
export async function runsBench(): Promise<BenchRow[]> {
  return await onDatabase(async (url, postgres) => {
    await populateRuns(url)
    const deck = new Deck({ postgres, redis: null as never }, {} as Operator)
    const rows: BenchRow[] = []
    for (const [filter, condition] of FILTERS)
      rows.push(...(await measureFilter(postgres, deck, filter.replaceAll("'", ""), condition)))
    const day = "created_at >= now() - interval '1 day'"
    const [sorted = 0, byCost = 0] = await timesInTurn(
      () => deck.run(commandOf(listRuns), { sort: "-total_cost_usd", limit: LIMIT }),
      () => plain(postgres, listed(day, "total_cost_usd desc nulls last, runs.id desc")),
    )
    const reader = new RecentReader(deck)
    const { signal } = new AbortController()
    const today = "status = 'failed' and created_at >= date_trunc('day', now())"
    const first = await timed(() => reader.refresh("failures", signal))
    const [refresh = 0, failedToday = 0] = await timesInTurn(
      () =>
        deck.run(readRecent, { of: "failures", from: TODAY, after: new Date(Date.now() - SETTLED_MS).toISOString() }),
      () => plain(postgres, `select count(*) from runs where deleted_at is null and ${today}`),
    )
    return [
      ...rows,
      ms("today's failures by class, first reading", first),
      against(failedToday, ms("today's failures by class, what came since (beside their count)", refresh)),
      against(byCost, ms("by cost, of a day: first page", sorted)),
    ]
  })
}

async function measureFilter(postgres: Postgres, deck: Deck, filter: string, condition: string): Promise<BenchRow[]> {
  const [list = 0, plainList = 0, total = 0, plainSums = 0, both = 0, plainBoth = 0] = await timesInTurn(
    () => deck.run(commandOf(listRuns), { filter, limit: LIMIT }),
    () => plain(postgres, listed(condition, NEWEST)),
    () => deck.run(totalOf(listRuns), { filter }),
    () => plain(postgres, summed(condition)),
    () => deck.run(commandOf(listRuns), { filter, limit: LIMIT, sums: true }),
    async () => {
      await plain(postgres, listed(condition, NEWEST))
      await plain(postgres, summed(condition))
    },
  )
  const { sums } = (await deck.run(totalOf(listRuns), { filter })) ?? {}
  return [
    against(plainList, ms(`${filter}: first page`, list)),
    against(
      plainSums,
      ms(`${filter}: sums of the screen${sums === undefined ? " (an estimate: too many)" : ""}`, total),
    ),
    against(plainBoth, { ...ms(`${filter}: first page with sums`, both), target: { atMost: 1.5 } }),
  ]
}

const NEWEST = "runs.created_at desc, runs.id desc"

const ms = (name: string, value: number) => ({ name, value, unit: "ms" })

const plain = (postgres: Postgres, query: string) =>
  postgres.run(db => sql.raw(query).execute(db), undefined, TIMEOUT_MS)

/** A page as one would ask for it, with the names of users and organizations. */
const listed = (condition: string, order: string) => `
  select runs.*, login, username, orgs.name as org_name
  from (select * from runs where deleted_at is null and ${condition} order by ${order} limit ${LIMIT + 1}) as runs
  left join users on users.id = created_by_user_id left join user_credentials on user_id = created_by_user_id
  left join orgs on orgs.id = runs.org_id order by ${order}`

const summed = (condition: string) =>
  `select count(*), ${SUMMED.map(column => `sum(${column})`).join(", ")} from runs where deleted_at is null and ${condition}`
