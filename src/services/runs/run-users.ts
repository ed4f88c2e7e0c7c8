import { type Kysely, sql } from "kysely"
import type { z } from "zod"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { Decimal } from "../../domain/decimal.ts"
import { readListFilter } from "../../domain/list-filter.ts"
import { SUMMED } from "../../domain/run-sums.ts"
import { type UserOfRuns, usersOfRuns, usersOfRunsFilter } from "../../domain/run-users.ts"
import { momentOf } from "../../domain/time-target.ts"
import { defineOperation } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { defineSorts, inPeriod, needsPeriod, ownSort, readSort, SORT_PERIOD, sortOption } from "../sort.ts"
import { COST, TOKENS } from "./run-measures.ts"
import { foundRuns } from "./runs.ts"

/** The sum of an amount over the runs of a user. */
const summedUp = (amount: ReturnType<typeof sql>, type: "bigint" | "numeric") =>
  ({ value: sql`coalesce(sum(${amount}), 0)`, type }) as const

const FAILED = sql`count(*) filter (where runs.status = 'failed')`

/** No index has the sums: only the runs of a period are summed up. */
const SORTS = defineSorts({}, () => [], {
  total_cost_usd: summedUp(COST, "numeric"),
  total_tokens: summedUp(TOKENS, "numeric"),
  runs: { value: sql`count(*)`, type: "bigint" },
  failed: { value: FAILED, type: "bigint" },
})

const input = usersOfRunsFilter.extend({ sort: sortOption(SORTS) })

type Asked = z.output<typeof input>

/** Who costs most. Not in the contract. A run has its cost once it has ended. */
export const listUsersOfRuns = defineOperation({
  words: ["runs", "users"],
  mayLag: true,
  summary: "users by what their runs cost, the most expensive first",
  caveat: hiddenRows,
  remark: asked =>
    needsPeriod(usersOfRunsFilter, SORTS, asked)
      ? `of the runs of ${SORT_PERIOD.name}; since:7d, for example, looks further back`
      : undefined,
  input,
  sorts: SORTS,
  answer: usersOfRuns,
  run: ({ postgres, signal }, asked) => postgres.run(db => usersOf(db, asked), signal, SUM_TIMEOUT_MS),
  rows: grouped,
  summed: SUMMED,
})

export const commands = [listUsersOfRuns]

/** Time limit: a long period has many runs. */
const SUM_TIMEOUT_MS = 60_000

/** The runs of the filter, summed up by user. */
async function grouped(db: Kysely<Tables>, asked: Asked) {
  const runs = await foundRuns(db, inPeriod(usersOfRunsFilter, SORTS, asked))
  return runs
    .groupBy("runs.created_by_user_id")
    .select([
      "runs.created_by_user_id as user_id",
      sql<string>`count(*)`.as("runs"),
      sql<string>`${FAILED}`.as("failed"),
      sql<string>`${summedUp(sql.ref("runs.total_input_tokens"), "numeric").value}`.as("total_input_tokens"),
      sql<string>`${summedUp(sql.ref("runs.total_output_tokens"), "numeric").value}`.as("total_output_tokens"),
      sql<string>`${SORTS.amounts.total_tokens?.value}`.as("total_tokens"),
      sql<string>`${SORTS.amounts.total_cost_usd?.value}`.as("total_cost_usd"),
    ])
}

async function usersOf(db: Kysely<Tables>, asked: Asked) {
  const [field, isDown] = readSort(asked.sort ?? ownSort(SORTS))
  const sums = await grouped(db, asked)
  const rows = await db
    .with("sums", () => sums)
    .selectFrom("sums")
    .leftJoin("users", "users.id", "sums.user_id")
    .leftJoin("user_credentials", "user_credentials.user_id", "sums.user_id")
    .selectAll("sums")
    .select(["user_credentials.login", "users.username"])
    .select(
      sql<number>`coalesce(total_cost_usd / nullif((select sum(total_cost_usd) from sums), 0), 0)::float8`.as("share"),
    )
    .orderBy(sql.ref(`sums.${field}`), isDown ? "desc" : "asc")
    .orderBy("sums.user_id")
    .limit(asked.limit)
    .execute()
  return {
    since: sinceOf(asked),
    data: rows.map(
      ({ total_tokens: _, ...row }): UserOfRuns => ({
        ...row,
        runs: BigInt(row.runs),
        failed: BigInt(row.failed),
        total_input_tokens: BigInt(row.total_input_tokens),
        total_output_tokens: BigInt(row.total_output_tokens),
        total_cost_usd: new Decimal(row.total_cost_usd),
      }),
    ),
    next_cursor: null,
  }
}

/** Begin of the period that is summed up: the latest that the filter names. */
function sinceOf(asked: Asked): string {
  const { conditions } = readListFilter(usersOfRunsFilter, inPeriod(usersOfRunsFilter, SORTS, asked))
  const begins = conditions.flatMap(({ field, operator, values: [typed = ""] }) =>
    field === "since" && operator !== ">" ? [momentOf(typed, Date.now()) ?? 0] : [],
  )
  return new Date(Math.max(...begins)).toISOString()
}
