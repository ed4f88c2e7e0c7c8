import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, onTestFinished, test } from "vitest"
import type { RunEvent } from "../../src/domain/run-event-query.ts"
import { Deck } from "../../src/services/deck.ts"
import { followRunEvents, listRunEvents } from "../../src/services/runs/run-events.ts"
import { showRun } from "../../src/services/runs/show-run.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun } from "../support/runs.ts"
import { eventually } from "../support/waiting.ts"

eachGeneration(database => {
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const sql = (text: string) => asSuperuser(text, database.url)
  const list = (input: object) => deck().run(listRunEvents, input)

  /** Makes a run with these events, numbered from `first`; a column not named is null. */
  async function runWith(
    events: readonly { type: string; data?: unknown; ts?: string }[],
    first = 1,
    status: "running" | "failed" = "running",
  ) {
    const id = await addRun(database.postgres, { status })
    await add(id, events, first)
    return id
  }
  const add = (id: string, events: readonly { type: string; data?: unknown; ts?: string }[], first: number) =>
    database.postgres.transaction(async tx => {
      for (const [index, { type, data = {}, ts }] of events.entries()) {
        await tx
          .insertInto("run_events")
          .values({ run_id: id, seq: first + index, type, data_json: JSON.stringify(data), ...(ts && { ts }) })
          .execute()
      }
    })

  test("are read oldest first, a page at a time, narrowed by the beginning of their type", async () => {
    const id = await runWith(
      ["run.started", "tool.call", "tool.result", "tool_x", "run.completed"].map(type => ({ type })),
    )
    const first = await list({ run_id: id, limit: 2 })
    expect(first.data.map(({ seq, type }) => [seq, type])).toEqual([
      [1n, "run.started"],
      [2n, "tool.call"],
    ])
    expect(first.next_after).toBe(2n)
    const second = await list({ run_id: id, after: String(first.next_after) })
    expect(second.data.map(({ seq }) => seq)).toEqual([3n, 4n, 5n])
    expect(second).not.toHaveProperty("next_after")
    expect((await list({ run_id: id, type: "tool." })).data.map(({ seq }) => seq)).toEqual([2n, 3n])
    expect((await list({ run_id: id, type: "%" })).data).toEqual([])
  })

  test("of a run that does not exist are not found; of a deleted one they are there", async () => {
    await expect(list({ run_id: randomUUID() })).rejects.toMatchObject({ code: "not_found" })
    for (const [field, bad] of [
      ["run_id", "x"],
      ["after", "-1"],
      ["after", "x"],
      ["limit", 201],
      ["type", "\0"],
    ] as const) {
      await expect(list({ run_id: randomUUID(), [field]: bad })).rejects.toMatchObject({ code: "invalid", field })
    }
    const id = await runWith([{ type: "run.started" }])
    await sql(`update runs set deleted_at = now() where id = '${id}'`)
    expect((await list({ run_id: id })).data).toHaveLength(1)
  })

  describe("what users wrote", () => {
    const of = async (type: string, data: unknown): Promise<unknown> => {
      const id = await runWith([{ type, data }])
      return (await list({ run_id: id })).data[0]?.data
    }

    test("is a size in bytes, of the text or of the JSON; what else there is stays as it is", async () => {
      expect(
        await of("llm.request", {
          llm_call_id: "c1",
          payload: { messages: ["secret"] },
          input: "日本",
          system_bytes: 12,
          usage: { input_tokens: 12345678901234567890n.toString() },
        }),
      ).toEqual({
        llm_call_id: "c1",
        payload: { bytes: 24 },
        input: { bytes: 6 },
        system_bytes: 12,
        usage: { input_tokens: "12345678901234567890" },
      })
      const hidden = [
        "assistant_message",
        "arguments",
        "result",
        "content_delta",
        "arguments_delta",
        "raw",
        "json",
        "content",
      ]
      for (const member of hidden)
        expect(await of("anything", { [member]: "secret" })).toEqual({ [member]: { bytes: 6 } })
      expect(await of("tool.result", { result: null, error: { error_class: "x", message: "m" } })).toEqual({
        result: null,
        error: { error_class: "x", message: "m" },
      })
    })

    test("is hidden in a question to the user, where a failure's message stays", async () => {
      const question = { request_id: "r", message: "your password?", requestedSchema: { a: 1 } }
      expect(await of("run.input_requested", question)).toEqual({
        request_id: "r",
        message: { bytes: 14 },
        requestedSchema: { bytes: 8 },
      })
      expect(await of("run.failed", { message: "no credits left" })).toEqual({ message: "no credits left" })
    })

    test("and a megabyte of anything never leaves the server; data that is no object is its size", async () => {
      expect(await of("new.type", { notes: "x".repeat(1 << 20), list: [1, "\u001b[2J\u202e"], a: {} })).toEqual({
        notes: { bytes: 1 << 20 },
        list: [1, "\u001b[2J\u202e"],
        a: {},
      })
      for (const data of ["text", 7, null, [1, 2]]) expect(await of("odd", data)).toEqual({ bytes: expect.any(Number) })
    })
  })

  describe("followed", () => {
    /** Follows a run; what it gave, and whether it has ended, are told as it goes. */
    function follow(input: object) {
      const stop = new AbortController()
      onTestFinished(() => stop.abort())
      const seqs: bigint[] = []
      const ended = (async () => {
        for await (const item of deck().follow(followRunEvents, input, { signal: stop.signal })) {
          seqs.push((item as RunEvent).seq)
        }
        return "ended"
      })().catch(error => error)
      return { seqs, ended, sees: (...wanted: bigint[]) => eventually(() => expect(seqs).toEqual(wanted)) }
    }
    const end = (id: string) => sql(`update runs set status = 'completed' where id = '${id}'`)

    test("give each event once, until the run has ended", async () => {
      const id = await runWith([{ type: "run.started" }, { type: "tool.call" }])
      const { sees, ended } = follow({ run_id: id })
      await sees(1n, 2n)
      await add(id, [{ type: "tool.result" }, { type: "run.completed" }], 3)
      await end(id)
      expect(await ended).toBe("ended")
      await sees(1n, 2n, 3n, 4n)
    })

    test("of a run that has ended are given, and that is all", async () => {
      const id = await runWith([{ type: "run.started" }, { type: "tool.call" }, { type: "run.failed" }], 1, "failed")
      const { ended, sees } = follow({ run_id: id, type: "run." })
      expect(await ended).toBe("ended")
      await sees(1n, 3n)
    })

    test("of an older deployment come late with a lower number, and are given then", async () => {
      const id = await runWith([{ type: "run.started" }, { type: "tool.call" }], 5000)
      const { sees, ended } = follow({ run_id: id })
      await sees(5000n, 5001n)
      await add(id, [{ type: "later" }], 5010)
      await sees(5000n, 5001n, 5010n)
      await add(id, [{ type: "late" }], 5005)
      await sees(5000n, 5001n, 5010n, 5005n)
      await end(id)
      expect(await ended).toBe("ended")
      await sees(5000n, 5001n, 5010n, 5005n)
    })

    test("of no run are an error, and end with their reader", async () => {
      expect(await follow({ run_id: randomUUID() }).ended).toMatchObject({ code: "not_found" })
    })
  })

  describe("in partitions by month", () => {
    beforeAll(() =>
      sql(`
        drop table run_events;
        create table run_events (event_id uuid not null default gen_random_uuid(), run_id uuid not null, seq bigint not null,
          ts timestamptz not null default now(), type text not null, data_json jsonb not null default '{}',
          tool_name text, error_class text) partition by range (ts);
        create table run_events_p1 partition of run_events for values from ('2026-01-01') to ('2026-02-01');
        create table run_events_p2 partition of run_events for values from ('2026-02-01') to ('2026-03-01');
        create index on run_events (run_id, seq)`),
    )

    test("are those of both months, in order", async () => {
      const id = await runWith([
        { type: "run.started", ts: "2026-01-31T23:59:59Z" },
        { type: "llm.request", ts: "2026-01-31T23:59:59.5Z" },
        { type: "run.completed", ts: "2026-02-01T00:00:01Z" },
      ])
      expect((await list({ run_id: id })).data.map(({ seq, ts }) => [seq, ts])).toEqual([
        [1n, "2026-01-31T23:59:59Z"],
        [2n, "2026-01-31T23:59:59.5Z"],
        [3n, "2026-02-01T00:00:01Z"],
      ])
      const { events } = await deck().run(showRun, { run_id: id })
      expect(events).toMatchObject({ total: 3n, llm_turns: 1n })
    })
  })
})
