import { type Kysely, sql } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"
import type { RunCancel } from "../../domain/run-cancel.ts"
import { spanOf } from "../../domain/span.ts"
import { effectsOf } from "../change.ts"
import type { Preview } from "../operation.ts"
import { statesOf, type Wanted } from "./cancelling.ts"
import { costsSoFar } from "./run-costs.ts"

/** Minutes after which the platform's reaper fails a run that no worker holds, unless the platform is set otherwise. */
const REAPED_AFTER_MIN = 5

/** Preview of cancelling the runs that were asked for: whose they are, for how long they run, and what they cost so far. */
export async function previewOfCancel(db: Kysely<Tables>, asked: RunCancel, wanted: Wanted): Promise<Preview> {
  const ids = [...wanted.runs, ...(asked.children ? wanted.children : [])]
  const states = await statesOf(db, ids)
  const requested = states.filter(({ result }) => result === "requested").map(({ run_id }) => run_id)
  return {
    title: titleOf(asked, requested.length),
    subject: await subjectOf(db, asked.run_id === undefined ? requested : wanted.runs),
    ...effectsOf(requested.length === 0 ? [] : effects(asked, wanted, requested.length), unchangedText(asked, states)),
    ...(wanted.children.length === 0 && { notes: { children: "none is running" } }),
    needsConfirmation: requested.length > 0,
  }
}

const titleOf = ({ run_id, user }: RunCancel, count: number) =>
  run_id === undefined
    ? `Cancel ${runsText(count)} of the ${user === undefined ? "organization" : "user"}`
    : `Cancel run ${run_id}`

const runsText = (count: number) => `${count} running ${count === 1 ? "run" : "runs"}`

function effects({ children = false }: RunCancel, wanted: Wanted, requested: number): string[] {
  const [one, below] = [requested === 1, wanted.children.length]
  return [
    `a worker ends ${one ? "it" : "them"}; until then ${one ? "its" : "their"} status is cancelling`,
    `where no worker holds ${one ? "it" : "one"}, the platform fails it after ${REAPED_AFTER_MIN} min (worker.timeout), while its API runs`,
    ...(below === 0
      ? []
      : [`${below} running ${below === 1 ? "child" : "children"} ${outcomeOf(children, below === 1)}`]),
  ]
}

const outcomeOf = (isCancelled: boolean, isOne: boolean) => {
  if (isCancelled) return isOne ? "is cancelled as well" : "are cancelled as well"
  return isOne ? "goes on" : "go on"
}

function unchangedText({ run_id }: RunCancel, [first]: Awaited<ReturnType<typeof statesOf>>): string {
  if (run_id === undefined) return "none is running"
  return first?.result === "ended" ? "the run has ended" : "its end was requested before"
}

const NAMED = 5

/** A line on each run, the oldest first, of five at most. */
async function subjectOf(db: Kysely<Tables>, runs: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("runs")
    .leftJoin("users", "users.id", "runs.created_by_user_id")
    .leftJoin("orgs", "orgs.id", "runs.org_id")
    .select(["runs.id", "runs.model", "users.username", "orgs.name as org"])
    .select(sql<string>`(extract(epoch from now() - ${sql.ref("runs.created_at")}) * 1000)::bigint::text`.as("age"))
    .where("runs.id", "=", anyOf(runs))
    .orderBy("runs.created_at")
    .orderBy("runs.id")
    .limit(NAMED)
    .execute()
  const costs = await costsSoFar(db, runs)
  const lines = rows.map(({ id, model, username, org, age }) =>
    [
      `${id.slice(0, 8)}…`,
      username ?? "unknown user",
      org?.trim(),
      model,
      `begun ${spanOf(Number(age))} ago`,
      costText(costs.of(id)),
    ]
      .filter(Boolean)
      .join(" · "),
  )
  if (runs.length <= 1) return lines
  const more = runs.length > NAMED ? [`and ${runs.length - NAMED} more`] : []
  return [...lines, ...more, `${costText(costs.all)} in all`]
}

const costText = (usd: string) => `$${usd} so far`
