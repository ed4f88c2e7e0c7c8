import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { Deck } from "../../src/services/deck.ts"
import { readRunTimeline, TIMELINE_PAGE } from "../../src/services/runs/run-timeline.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun } from "../support/runs.ts"

eachGeneration(database => {
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const read = (input: object) => deck().run(readRunTimeline, input)
  const sql = (text: string) => asSuperuser(text, database.url)

  test("of a run has its events in short, its pieces as numbers beside the events before them", async () => {
    const run = await addRun(database.postgres)
    await sql(`
      insert into run_events (run_id, seq, type, data_json, tool_name, error_class) values
        ('${run}', 1, 'llm.request', '{"llm_call_id": "m1", "payload": {"a": 1}}', null, null),
        ('${run}', 5, 'llm.turn.completed', '{"llm_call_id": "m1", "usage": {"input_tokens": 12, "output_tokens": 3},
          "cost": {"currency": "USD", "amount_micros": 450}, "assistant_message": {"content": "secret"}}', null, null),
        ('${run}', 6, 'tool.result', '{"tool_call_id": "t1", "error": {"error_class": "tool.failed", "message": "no \\u001b file"}}', 'python', null),
        ('${run}', 9, 'run.input_requested', '{"request_id": "q", "message": "secret?"}', null, null),
        ('${run}', 10, 'run.failed', '{"error_class": "a", "reason": "reaped"}', null, 'worker.timeout'),
        ('${run}', 11, 'odd', '[1, "usage"]', null, null),
        ('${run}', 12, 'odd', '{"usage": "many", "cost": {"amount_micros": "-1x"}, "message": {"a": 1}, "error": 7}', null, null);
      insert into run_events (run_id, seq, type) select '${run}', n, 'message.delta' from generate_series(2, 4) as n;
      insert into run_events (run_id, seq, type) values ('${run}', 7, 'tool.call.delta'), ('${run}', 8, 'llm.response.chunk'),
        ('${run}', 13, 'message.delta'), ('${run}', 0, 'message.delta')`)
    const { events, pieces, more, inOrder, readAt } = await read({ run_id: run })
    const nothing = {
      tool_name: null,
      error_class: null,
      call: null,
      message: null,
      input_tokens: null,
      output_tokens: null,
      cost_micros: null,
    }
    expect(events.map(({ ts: _, ...event }) => event)).toEqual([
      { ...nothing, seq: 1n, type: "llm.request", call: "m1" },
      {
        ...nothing,
        seq: 5n,
        type: "llm.turn.completed",
        call: "m1",
        input_tokens: 12,
        output_tokens: 3,
        cost_micros: 450,
      },
      {
        ...nothing,
        seq: 6n,
        type: "tool.result",
        call: "t1",
        tool_name: "python",
        error_class: "tool.failed",
        message: "no \u001b file",
      },
      { ...nothing, seq: 9n, type: "run.input_requested", call: "q" },
      { ...nothing, seq: 10n, type: "run.failed", error_class: "worker.timeout", message: "reaped" },
      { ...nothing, seq: 11n, type: "odd" },
      { ...nothing, seq: 12n, type: "odd", message: '{"a": 1}' },
    ])
    expect(pieces).toEqual(
      new Map([
        [-1n, 1],
        [1n, 3],
        [6n, 2],
        [12n, 1],
      ]),
    )
    expect({ more, inOrder }).toEqual({ more: false, inOrder: false })
    expect(Math.abs(readAt - Date.now())).toBeLessThan(60_000)
  })

  test("of a long run comes in parts, and counts each piece in one of them", async () => {
    const run = await addRun(database.postgres)
    await sql(`insert into run_events (run_id, seq, type, data_json)
      select '${run}', n, case n % 3 when 0 then 'tool.call' else 'message.delta' end,
        case when n = 3 then jsonb_build_object('message', repeat('x', 1 << 20)) else '{}' end
      from generate_series(1, ${3 * (TIMELINE_PAGE + 7)}) as n`)
    const first = await read({ run_id: run })
    expect(first).toMatchObject({ more: true, inOrder: true })
    expect(first.events).toHaveLength(TIMELINE_PAGE)
    expect(first.events[0]?.message).toHaveLength(300)
    const second = await read({ run_id: run, after: first.events.at(-1)?.seq })
    expect(second.more).toBe(false)
    expect(second.events).toHaveLength(7)
    const counted = [...first.pieces, ...second.pieces]
    expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBe(2 * (TIMELINE_PAGE + 7))
    expect(new Set(counted.map(([seq]) => seq)).size).toBe(counted.length)
  })

  test("of no run is not found", async () => {
    await expect(read({ run_id: randomUUID() })).rejects.toMatchObject({ code: "not_found" })
  })
})
