import { randomUUID } from "node:crypto"
import { Client } from "pg"
import { expect, onTestFinished, test } from "vitest"
import { cancelRuns } from "../../src/services/runs/cancel-runs.ts"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun, ago } from "../support/runs.ts"
import { eventually } from "../support/waiting.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const sql = (text: string) => asSuperuser(text, database.url)

  /** Adds events of a run, numbered from `first`, and returns its id. */
  async function runWith(types: readonly string[], columns: Parameters<typeof addRun>[1] = {}, first = 1) {
    const id = await addRun(database.postgres, columns)
    for (const [index, type] of types.entries()) {
      await sql(`insert into run_events (run_id, seq, type) values ('${id}', ${first + index}, '${type}')`)
    }
    return id
  }
  const eventsOf = (id: string) =>
    sql(`select seq::int, type, data_json as data from run_events where run_id = '${id}' order by seq`)
  const statusOf = async (id: string) => (await sql(`select status from runs where id = '${id}'`))[0]?.status

  /** What the platform's workers hear. */
  async function worker() {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    onTestFinished(() => client.end())
    const heard: (string | undefined)[] = []
    client.on("notification", ({ payload }) => heard.push(payload))
    await client.query('listen "arkloop:run_cancel"')
    return heard
  }

  test("asks the workers to end a run: event, status and notice, audited with the reason", async () => {
    const heard = await worker()
    const { id: user, login } = await addPerson(database.postgres)
    const run = await runWith(["run.started", "llm.request"], { created_by_user_id: user, created_at: ago(600) })
    const deck = await operations.deck()
    expect(await deck.preview(cancelRuns, { run_id: run })).toEqual({
      title: `Cancel run ${run}`,
      subject: [`${run.slice(0, 8)}… · ${login} · begun 10 min ago · $0.0000 so far`],
      effects: [
        "a worker ends it; until then its status is cancelling",
        "where no worker holds it, the platform fails it after 5 min (worker.timeout), while its API runs",
      ],
      unchanged: false,
      notes: { children: "none is running" },
      needsConfirmation: true,
    })
    const { answer, steps, traceId } = await deck.change(cancelRuns, { run_id: run, reason: "burns money" })
    expect(answer).toEqual({ data: [{ run_id: run, result: "requested" }] })
    expect(steps.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^cancellation requested: status:cancelling/),
      expect.stringMatching(/^audit/),
    ])
    expect(await statusOf(run)).toBe("cancelling")
    expect((await eventsOf(run)).at(-1)).toEqual({
      seq: 3,
      type: "run.cancel_requested",
      data: {
        trace_id: traceId,
        last_seen_seq: 2,
        visible_seq_cutoff: 2,
        requested_by_user_id: expect.any(String),
      },
    })
    await eventually(() => expect(heard).toEqual([run]))
    expect(
      await sql(`select action, target_type, metadata_json as metadata from audit_logs where target_id = '${run}'`),
    ).toEqual([{ action: "runs.cancel", target_type: "run", metadata: { result: "requested", reason: "burns money" } }])
  })

  test.each(["run.completed", "run.failed", "run.cancelled", "run.interrupted"])(
    "a run with the event %s has ended, whatever its status, and is left alone",
    async type => {
      const run = await runWith(["run.started", type])
      const deck = await operations.deck()
      expect(await deck.preview(cancelRuns, { run_id: run })).toMatchObject({
        effects: ["nothing changes: the run has ended"],
        unchanged: true,
      })
      await expect(deck.change(cancelRuns, { run_id: run })).rejects.toMatchObject({
        code: "conflict",
        message: "the run has ended",
      })
      expect(await statusOf(run)).toBe("running")
      expect(await eventsOf(run)).toHaveLength(2)
    },
  )

  test("what was asked for before is not asked for twice, and what does not exist is not found", async () => {
    const run = await runWith(["run.started"])
    const deck = await operations.deck()
    await deck.change(cancelRuns, { run_id: run })
    await expect(deck.change(cancelRuns, { run_id: run })).rejects.toMatchObject({
      code: "conflict",
      message: "its end was requested before",
    })
    expect(await eventsOf(run)).toHaveLength(2)
    await expect(deck.change(cancelRuns, { run_id: randomUUID() })).rejects.toMatchObject({ code: "not_found" })
  })

  test("all that runs of a user, and children where asked for, at any depth", async () => {
    const { id: user } = await addPerson(database.postgres)
    const mine = { created_by_user_id: user }
    const first = await runWith(["run.started"], mine)
    const ended = await runWith(["run.started", "run.completed"], { ...mine, status: "completed" })
    const second = await runWith(["run.started"], { ...mine, created_at: ago(60) })
    const child = await runWith(["run.started"], { parent_run_id: first })
    const grandchild = await runWith(["run.started"], { parent_run_id: child })
    const deck = await operations.deck()
    expect(await deck.preview(cancelRuns, { user })).toMatchObject({
      title: "Cancel 2 running runs of the user",
      subject: [
        expect.stringContaining(second.slice(0, 8)),
        expect.stringContaining(first.slice(0, 8)),
        "$0.0000 so far in all",
      ],
      effects: expect.arrayContaining(["2 running children go on"]),
    })
    const { answer } = await deck.change(cancelRuns, { user, children: true })
    expect(new Set(answer.data.map(({ run_id }) => run_id))).toEqual(new Set([first, second, child, grandchild]))
    expect(answer.data.every(({ result }) => result === "requested")).toBe(true)
    expect(await statusOf(ended)).toBe("completed")
    expect(await deck.preview(cancelRuns, { user })).toMatchObject({ effects: ["nothing changes: none is running"] })
  })

  test("suspending and deleting a user cancel what they have running where asked for, children included", async () => {
    const { id: user } = await addPerson(database.postgres)
    const run = await runWith(["run.started"], { created_by_user_id: user })
    const child = await runWith(["run.started"], { parent_run_id: run })
    const deck = await operations.deck()
    const suspending = { id: user, status: "suspended" } as const
    expect((await deck.preview(updateUser, suspending)).effects).toContain("1 run in progress is not stopped")
    const asked = { ...suspending, cancel_runs: true, reason: "abuse" }
    expect((await deck.preview(updateUser, asked)).effects).toContain("1 run in progress is asked to end")
    const { steps } = await deck.change(updateUser, asked)
    expect(steps.map(({ what }) => what)).toContain(
      "cancellation of 2 runs requested: status:cancelling until a worker ends them",
    )
    expect([await statusOf(run), await statusOf(child)]).toEqual(["cancelling", "cancelling"])
    expect(await sql(`select metadata_json as metadata from audit_logs where target_id = '${run}'`)).toEqual([
      { metadata: { result: "requested", reason: "abuse" } },
    ])
    expect(await deck.preview(updateUser, { id: user, cancel_runs: true })).toMatchObject({
      title: expect.stringContaining("Cancel the runs of"),
    })
    const { effects, notes } = await deck.preview(deleteUser, { id: user })
    expect(effects).toContain("1 run is being cancelled already")
    expect(effects.join()).not.toContain("in progress")
    expect(notes?.cancel_runs).toBe("all are being cancelled already")
    const later = await runWith(["run.started"], { created_by_user_id: user })
    await deck.change(deleteUser, { id: user, cancel_runs: true })
    expect(await statusOf(later)).toBe("cancelling")
  })

  test("a run whose numbers came from the sequence of all runs goes on with it", async () => {
    await sql("select setval('run_events_seq_global', 5000)")
    const run = await runWith(["run.started", "llm.request"], {}, 4_100)
    await (await operations.deck()).change(cancelRuns, { run_id: run })
    expect((await eventsOf(run)).at(-1)).toMatchObject({ seq: 5_001, data: { last_seen_seq: 4_101 } })
  })

  test("a run that ends at the same moment has ended: one truth", async () => {
    const run = await runWith(["run.started"])
    const holder = new Client({ connectionString: database.url })
    await holder.connect()
    onTestFinished(() => holder.end())
    await holder.query("begin")
    await holder.query("select from runs where id = $1 for update", [run])
    const cancelling = (await operations.deck()).change(cancelRuns, { run_id: run })
    const outcome = expect(cancelling).rejects.toMatchObject({ code: "conflict", message: "the run has ended" })
    await eventually(async () =>
      expect(await sql("select from pg_stat_activity where wait_event_type = 'Lock'")).not.toHaveLength(0),
    )
    await holder.query("insert into run_events (run_id, seq, type) values ($1, 2, 'run.completed')", [run])
    await holder.query("update runs set status = 'completed' where id = $1", [run])
    await holder.query("commit")
    await outcome
    expect(await statusOf(run)).toBe("completed")
  })

  test("what it cost so far is told, from the turns that are complete", async () => {
    const run = await runWith(["run.started"])
    await sql(`insert into run_events (run_id, seq, type, data_json)
      select '${run}', n, 'llm.turn.completed', '{"cost": {"currency": "USD", "amount_micros": 1500000}}' from generate_series(2, 3) n`)
    const { subject } = await (await operations.deck()).preview(cancelRuns, { run_id: run })
    expect(subject[0]).toContain("$3.0000 so far")
  })
})
