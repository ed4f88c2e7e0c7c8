import { sql } from "kysely"
import { z } from "zod"
import { type Dashboard, dashboard, NOT_RECORDED, readableDashboard, type Sums } from "../../domain/dashboard.ts"
import { Decimal } from "../../domain/decimal.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { hiddenRows } from "../row-security.ts"
import { SOURCES, type Source, TODAY, totalsOf } from "./dashboard-sources.ts"

/** Time limit for counting a table: tens of millions of rows take long. */
export const COUNT_TIMEOUT_MS = 120_000

/** Contract, section 2: `dashboard`. Exact: everything is counted, each table in a transaction of its own. */
export const showDashboard = defineOperation({
  words: ["dashboard"],
  mayLag: true,
  summary: "numbers of users, runs and organizations, tokens and cost",
  caveat: hiddenRows,
  input: z.object({}),
  answer: dashboard,
  run: async context => (await figures(context)).numbers,
  forPeople: {
    answer: readableDashboard,
    async run(context) {
      const { numbers, recorded } = await figures(context)
      return recorded === 0n ? { ...numbers, active_users_30d: NOT_RECORDED } : numbers
    },
  },
})

export const commands = [showDashboard]

/** Returns the figures, and the number of users with any recorded sign-in. */
async function figures(context: OperationContext): Promise<{ numbers: Dashboard; recorded: bigint }> {
  const createdToday = sql<boolean>`created_at >= ${TODAY}`
  const [users, runs, today, usage, orgs] = await Promise.all([
    countAll(context, SOURCES.users),
    countAll(context, SOURCES.runs),
    countAll(context, SOURCES.runs, createdToday),
    countAll(context, SOURCES.usage),
    countAll(context, SOURCES.orgs),
  ])
  const numbers = {
    total_users: users.count,
    active_users_30d: users.active,
    total_runs: runs.count,
    runs_today: today.count,
    total_input_tokens: usage.input,
    total_output_tokens: usage.output,
    total_cost_usd: new Decimal(dollars(usage.cost)),
    active_orgs: orgs.count,
  }
  return { numbers, recorded: users.recorded }
}

const countAll = ({ postgres, signal }: OperationContext, source: Source, condition?: typeof source.counted) =>
  postgres.run(db => totalsOf(db, source, condition), signal, COUNT_TIMEOUT_MS)

/** Formats a cost of `Sums` in dollars, with all its digits. */
function dollars(cost: Sums["cost"]): string {
  const digits = String(cost < 0n ? -cost : cost).padStart(9, "0")
  return `${cost < 0n ? "-" : ""}${digits.slice(0, -8)}.${digits.slice(-8)}`
}
