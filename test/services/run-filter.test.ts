import { beforeAll, describe, expect, test } from "vitest"
import { Deck } from "../../src/services/deck.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { addRun, ago, DAY_S } from "../support/runs.ts"

eachGeneration(database => {
  const postgres = () => database.postgres
  /** Names of the runs by their ids. */
  const names = new Map<string, string>()
  const ids = new Map<string, string>()
  const add = async (name: string, columns: Parameters<typeof addRun>[1], failures: readonly Failure[] = []) => {
    const id = await addRun(postgres(), columns)
    names.set(id, name)
    ids.set(name, id)
    for (const [seq, type, error_class, data = {}] of failures) {
      await postgres().transaction(tx =>
        tx
          .insertInto("run_events")
          .values({ run_id: id, seq, type, error_class, data_json: JSON.stringify(data) })
          .execute(),
      )
    }
  }
  type Failure = readonly [seq: number, type: string, error_class: string | null, data?: object]
  const deck = () => new Deck({ postgres: postgres(), redis: {} as never }, {} as never)
  const list = async (input: object) =>
    (await deck().run(listRuns, input)).data.map(({ run_id }) => names.get(run_id)).sort()

  beforeAll(async () => {
    await add(
      "cheap",
      {
        status: "completed",
        total_cost_usd: "0.5",
        duration_ms: 1_000,
        total_input_tokens: 900,
        total_output_tokens: 100,
        created_at: ago(60),
      },
      [[1, "run.failed", "provider.timeout"]],
    )
    await add(
      "dear",
      {
        status: "failed",
        total_cost_usd: "12.00000001",
        duration_ms: 90_000,
        total_input_tokens: "9223372036854775807",
        total_output_tokens: "9223372036854775807",
        created_at: ago(120),
      },
      [
        [1, "run.failed", "provider.timeout"],
        [2, "run.failed", "provider.rate_limited"],
        [3, "tool.result", "tool.failed"],
      ],
    )
    await add("reaped", { status: "failed", created_at: ago(3 * DAY_S), total_input_tokens: 5_000 }, [
      [7, "run.failed", null, { error_class: "worker.timeout" }],
    ])
    await add("unexplained", { status: "failed", created_at: ago(180) }, [[1, "run.failed", null, { error_class: 7 }]])
    await add("running", { created_at: ago(300), parent_run_id: ids.get("dear") as string })
  })

  test.each([
    ["cost>0.5", ["dear"]],
    ["cost>=0.5", ["cheap", "dear"]],
    ["cost<=12", ["cheap"]],
    ["cost>0.4 cost<12", ["cheap"]],
    ["tokens>1k", ["dear", "reaped"]],
    ["tokens>=1000 tokens<1M", ["cheap", "reaped"]],
    ["dur>=90s", ["dear", "running"]],
    ["dur>1.5m", ["running"]],
    ["dur<2s", ["cheap"]],
    ["error:provider.rate_limited", ["dear"]],
    ["error:rate_limit", ["dear"]],
    ["error:provider", ["dear"]],
    ["error:timeout", ["reaped"]],
    ["error:imeout", []],
    ["error:tool", []],
    ["error:worker.timeout,provider.rate_limited", ["dear", "reaped"]],
    ["-error:rate_limit", ["cheap", "reaped", "running", "unexplained"]],
    ["status:failed since:1d -error:rate_limit", ["unexplained"]],
  ])("%s", async (filter, expected) => {
    expect(await list({ filter })).toEqual(expected)
  })

  test("by the options of the same meaning, and by a parent", async () => {
    expect(await list({ cost_min: "0.5", duration_min: "60s" })).toEqual(["dear"])
    expect(await list({ tokens_min: "5k", error_class: "timeout" })).toEqual(["reaped"])
    const parent_run_id = ids.get("dear") as string
    expect(await list({ parent_run_id })).toEqual(["running"])
    expect(await list({ filter: `parent:${parent_run_id}` })).toEqual(["running"])
    const { data } = await deck().run(listRuns, { parent_run_id })
    expect(data).toMatchObject([{ parent_run_id }])
    await expect(list({ cost_min: "$1" })).rejects.toMatchObject({
      code: "invalid",
      field: "cost_min",
      message: "must be US dollars, such as 0.5",
    })
  })

  test("the console is told the class of each failed run", async () => {
    const { data } = await deck().run(listRuns, {})
    expect(Object.fromEntries(data.map(run => [names.get(run.run_id), run.error_class]))).toEqual({
      cheap: null,
      dear: "provider.rate_limited",
      reaped: "worker.timeout",
      running: null,
      unexplained: null,
    })
  })

  test("the model is the one that was asked for, by which runs are found, whatever the route", async () => {
    await add("routed", { model: "asked-for" }, [[1, "run.route.selected", null, { model: "routed" }]])
    const { data } = await deck().run(listRuns, { model: "asked-for" })
    expect(data).toMatchObject([{ run_id: ids.get("routed"), model: "asked-for" }])
    expect(await list({ model: "routed" })).toEqual([])
  })

  describe("in a large table", () => {
    beforeAll(() =>
      asSuperuser("update pg_class set relpages = 1, reltuples = 5000000 where oid = 'runs'::regclass", database.url),
    )

    test.each(["cost>1", "dur>60s", "tokens>1k", "error:timeout"])(
      "%s is refused, for which there is no index, unless a period bounds it",
      async filter => {
        await expect(list({ filter })).rejects.toMatchObject({
          code: "invalid",
          field: "filter",
          message: expect.stringMatching(/^no index serves .*: add a period, as in since:7d$/),
        })
        await expect(list({ filter: `${filter} since:1d` })).resolves.toBeDefined()
        await expect(list({ filter: `${filter} parent:${ids.get("dear")}` })).resolves.toBeDefined()
      },
    )
  })
})
