import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { tmpdir } from "node:os"
import { setTimeout as delay } from "node:timers/promises"
import pg from "pg"
import { openPostgres, type Postgres } from "../src/adapters/postgres/connection.ts"
import { Deck } from "../src/services/deck.ts"
import { cancelRuns } from "../src/services/runs/cancel-runs.ts"
import { readRunTimeline } from "../src/services/runs/run-timeline.ts"
import { showRun } from "../src/services/runs/show-run.ts"
import { signIn } from "../src/services/sign-in.ts"
import { addAdministrator } from "../test/support/people.ts"
import { BenchConsole, starter } from "./console.ts"
import { cpuSeconds, median, timed, timeOf } from "./measures.ts"
import { onPlatform } from "./platform.ts"
import { against, type BenchRow } from "./report.ts"

const EVENTS = 100_000
/** Of so many events one is no piece of a stream. */
const PIECES = 40
/** Other runs, whose events stand in the same table. */
const OTHERS = 300
const OTHERS_EVENTS = 1_000

const RATE = 200
const SECONDS = 20

const CANCELLED = 500
const ROUNDS = 5

/** The events of runs: a long timeline opened, a run followed, and many cancelled, each beside its reference. */
export function runEventsBench(): Promise<BenchRow[]> {
  return onPlatform(async ({ environment }) => {
    const url = environment.DATABASE_URL as string
    const client = new pg.Client(url)
    await client.connect()
    const postgres = openPostgres({ url })
    try {
      const operator = await signIn({ postgres }, await addAdministrator(postgres), { console: false })
      const deck = new Deck({ postgres, redis: null as never }, operator)
      const opened = await measureOpening(deck, client)
      const followed = await measureFollowing(client, environment)
      return [...opened, ...followed, await measureCancelling(deck, postgres, client)]
    } finally {
      await postgres.close()
      await client.end()
    }
  })
}

/** A timeline of 100 000 events and the run above it, as its screen reads them first, beside counting the events by kind. */
async function measureOpening(deck: Deck, client: pg.Client): Promise<BenchRow[]> {
  const long = await addRuns(client, 1, "completed")
  const short = await addRuns(client, 1, "completed")
  const others = await addRuns(client, OTHERS, "completed")
  await addEvents(client, long, EVENTS)
  await addEvents(client, short, 10)
  await addEvents(client, others, OTHERS_EVENTS)
  await client.query("vacuum analyze run_events, runs")
  const [run_id, ten] = [long[0] as string, short[0] as string]
  const counted = await timeOf(() =>
    client.query("select type, count(*) from run_events where run_id = $1 group by type", [run_id]),
  )
  const open = (id: string) =>
    timeOf(() => Promise.all([deck.run(showRun, { run_id: id }), deck.run(readRunTimeline, { run_id: id })]))
  const row = (name: string, value: number) => ({ name, value, unit: "ms" })
  return [
    row("the timeline of a run of 10 events opens", await open(ten)),
    against(counted, {
      ...row("that of 100 000 events (beside counting them by kind)", await open(run_id)),
      target: { atMost: 3 },
    }),
  ]
}

/** The CPU of a command that follows a run into which 200 events come a second, and of a console at its screen. */
async function measureFollowing(client: pg.Client, environment: Readonly<Record<string, string>>): Promise<BenchRow[]> {
  const [run_id = ""] = await addRuns(client, 1, "running")
  await addEvents(client, [run_id], 20)
  let seq = 20
  const child = spawn(process.execPath, [starter, "runs", "events", run_id, "--follow", "--json"], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const printed = linesOf(child)
  await until(() => printed() >= seq)
  const terminal = new BenchConsole(environment)
  await terminal.until(() => terminal.isLive)
  terminal.press("4")
  await terminal.until(() => terminal.text.includes("completed"))
  terminal.press("\r")
  await terminal.until(() => terminal.text.includes("Timeline"))
  // Both have read what there was.
  await delay(3_000)
  const pids = [child.pid as number, terminal.pid]
  const before = pids.map(cpuSeconds)
  const began = performance.now()
  while (performance.now() - began < SECONDS * 1_000) {
    const due = Math.floor(((performance.now() - began) / 1_000) * RATE) + 20
    if (due > seq) await addEvents(client, [run_id], due - seq, seq)
    seq = Math.max(seq, due)
    await delay(25)
  }
  const took = (performance.now() - began) / 1_000
  const [command = 0, console = 0] = pids.map((pid, at) => (cpuSeconds(pid) - (before[at] as number)) / took)
  await until(() => printed() >= seq)
  child.kill()
  terminal.press("1")
  await terminal.until(() => terminal.isLive)
  await terminal.close()
  const row = (name: string, value: number) => ({ name, value, unit: "cores", target: { atMost: 0.333 } })
  return [
    row(`${RATE} events/s followed by runs events --follow --json, CPU`, command),
    row(`${RATE} events/s on the run's screen, 160x50, CPU of the console`, console),
    { name: "events printed of those written", value: (100 * printed()) / seq, unit: "%" },
  ]
}

function linesOf({ stdout }: ChildProcess): () => number {
  let lines = 0
  stdout?.on("data", (data: Buffer) => {
    for (const byte of data) if (byte === 10) lines++
  })
  return () => lines
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > 60_000) throw new Error("the command did not get there")
    await delay(50)
  }
}

/** 500 runs of one user cancelled, beside as many transactions of what the platform's own cancelling writes. */
async function measureCancelling(deck: Deck, postgres: Postgres, client: pg.Client): Promise<BenchRow> {
  const times: Record<"ours" | "bare", number[]> = { ours: [], bare: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    const user = randomUUID()
    const bare = await addRuns(client, CANCELLED, "running", randomUUID())
    const ours = await addRuns(client, CANCELLED, "running", user)
    await addEvents(client, [...bare, ...ours], 20)
    await client.query("analyze runs, run_events")
    const barely = await timed(async () => {
      for (const id of bare) await cancelBare(client, id)
    })
    const cancelled = await timed(() => deck.change(cancelRuns, { user }))
    // The first round only warms up.
    if (round > 0) {
      times.bare.push(barely)
      times.ours.push(cancelled)
    }
  }
  const left = await postgres.run(db => db.selectFrom("runs").select("id").where("status", "=", "cancelling").execute())
  if (left.length !== 2 * CANCELLED * (ROUNDS + 1)) throw new Error("not all runs were cancelled")
  return against(median(times.bare), {
    name: `${CANCELLED} runs cancelled, with their audit (beside ${CANCELLED} bare transactions)`,
    value: median(times.ours),
    unit: "ms",
    target: { atMost: 2 },
  })
}

/** What cancelling writes (contract, section 8), as one would by hand. */
async function cancelBare(client: pg.Client, id: string): Promise<void> {
  await client.query("begin")
  await client.query("select id from runs where id = $1 for update", [id])
  const { rows } = await client.query<{ highest: string }>(
    "select max(seq) as highest from run_events where run_id = $1",
    [id],
  )
  await client.query("update runs set status = 'cancelling', status_updated_at = now() where id = $1", [id])
  await client.query(
    "insert into run_events (run_id, seq, type, data_json) values ($1, $2::bigint + 1, 'run.cancel_requested', '{}')",
    [id, rows[0]?.highest],
  )
  await client.query("select pg_notify('arkloop:run_cancel', $1)", [id])
  await client.query("commit")
}

async function addRuns(client: pg.Client, count: number, status: string, user = randomUUID()): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into runs (org_id, thread_id, created_by_user_id, status, model)
     select gen_random_uuid(), gen_random_uuid(), $3, $2, 'model-1' from generate_series(1, $1::int) returning id`,
    [count, status, user],
  )
  return rows.map(({ id }) => id)
}

/** Adds events to each run: turns of the model and calls of tools by turns, and pieces of their answers. */
async function addEvents(client: pg.Client, runs: readonly string[], count: number, after = 0): Promise<void> {
  await client.query(
    `insert into run_events (run_id, seq, type, tool_name, data_json)
     select run_id, n, type, case when type like 'tool%' then 'web_search' end, case type
       when 'message.delta' then '{"role": "assistant", "content_delta": "and so on"}'
       else jsonb_build_object('llm_call_id', 'm' || n / ${4 * PIECES}, 'tool_call_id', 't' || n / ${4 * PIECES},
         'payload', repeat('x', 600), 'usage', '{"input_tokens": 1200, "output_tokens": 90}'::jsonb,
         'cost', '{"currency": "USD", "amount_micros": 4100}'::jsonb)
       end
     from unnest($1::uuid[]) as run_id, generate_series($3::int + 1, $3::int + $2::int) as n, lateral (
       select case when n % ${PIECES} > 0 then 'message.delta'
         else (array['llm.request', 'llm.turn.completed', 'tool.call', 'tool.result'])[n / ${PIECES} % 4 + 1] end as type
     ) as kind`,
    [runs, count, after],
  )
}
