import type { Operator } from "../src/domain/operator.ts"
import { Deck } from "../src/services/deck.ts"
import { commandOf } from "../src/services/operation.ts"
import { listRedemptionCodes } from "../src/services/redemption/redemption-codes.ts"
import { listRuns } from "../src/services/runs/runs.ts"
import { listUsers } from "../src/services/users/users.ts"
import { codesFrom } from "./codes.ts"
import { onDatabase } from "./database.ts"
import { timesInTurn } from "./measures.ts"
import { type Definition, indexesOf, runAll } from "./population.ts"
import { against, type BenchRow, plain } from "./report.ts"

const SIZES = [10_000, 100_000, 1_000_000, 5_000_000]
const LIMIT = 50
const TABLES = ["users", "user_credentials", "runs", "redemption_codes"]
/** A page of five million rows takes at most twice what one of ten thousand takes. */
const TARGET = { atMost: 2 }

/** Lists over 10 000 to 5 000 000 users, runs and codes, with the indexes that `migrate` makes but those of parts of words; medians. */
export async function listsScaleBench(): Promise<BenchRow[]> {
  return await onDatabase(async (url, postgres) => {
    const indexes = await indexesOf(url, TABLES)
    const isTrigram = ({ definition }: Definition) => definition.includes(" gin ")
    await runAll(url, [
      ...TABLES.map(table => `alter table ${table} set unlogged`),
      ...indexes.filter(isTrigram).map(({ name }) => `drop index ${name}`),
    ])
    const ours = indexes.filter(index => !isTrigram(index))
    const deck = new Deck({ postgres, redis: null as never }, {} as Operator)
    const lists: Readonly<Record<string, () => Promise<unknown>>> = {
      "users, the newest": () => deck.run(commandOf(listUsers), { limit: LIMIT }),
      "users by their e-mail": () => deck.run(commandOf(listUsers), { limit: LIMIT, sort: "email" }),
      "users that are suspended": () => deck.run(commandOf(listUsers), { limit: LIMIT, status: "suspended" }),
      "runs, the newest": () => deck.run(commandOf(listRuns), { limit: LIMIT }),
      "runs that failed": () => deck.run(commandOf(listRuns), { limit: LIMIT, filter: "status:failed" }),
      "codes, the newest": () => deck.run(listRedemptionCodes, { limit: LIMIT }),
    }
    const first: Record<string, number> = {}
    const rows: BenchRow[] = []
    let before = 0
    for (const size of SIZES) {
      await grow(url, ours, before, size)
      before = size
      const times = await timesInTurn(...Object.values(lists))
      for (const [index, name] of Object.keys(lists).entries()) {
        const value = times[index] as number
        const row = { name: `${plain(size)} rows: ${name}`, value, unit: "ms" }
        first[name] ??= value
        rows.push(size === SIZES[0] ? row : against(first[name], { ...row, target: TARGET }))
      }
    }
    return rows
  })
}

/** Adds the rows from `from` + 1 to `to` of each table; the greater, the newer. Indexes are made again, which is quicker. */
async function grow(url: string, indexes: readonly Definition[], from: number, to: number): Promise<void> {
  const newest = SIZES.at(-1) as number
  const series = `generate_series(${from + 1}, ${to}) n`
  const at = `now() - (${newest} - n) * interval '10 seconds'`
  const user = "md5('user' || n)::uuid"
  await runAll(url, [
    ...indexes.map(({ name }) => `drop index ${name}`),
    `insert into users (id, username, email, status, created_at)
     select ${user}, 'user' || n, 'user' || n || '@example.com', case n % 100 when 2 then 'suspended' else 'active' end, ${at} from ${series}`,
    `insert into user_credentials (user_id, login, password_hash, created_at) select ${user}, 'user' || n, '', ${at} from ${series}`,
    `insert into runs (id, org_id, thread_id, created_by_user_id, status, model, duration_ms, created_at)
     select md5('run' || n)::uuid, ${user}, ${user}, ${user}, case n % 20 when 0 then 'failed' else 'completed' end, 'model-' || n % 7, n % 90000, ${at}
     from ${series}`,
    codesFrom(series, at),
    ...indexes.map(({ definition }) => definition),
    "vacuum analyze",
  ])
}
