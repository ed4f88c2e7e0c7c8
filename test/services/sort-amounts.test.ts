import { beforeAll, describe, expect, test } from "vitest"
import { Deck } from "../../src/services/deck.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { sortsServed } from "../../src/services/sorts-served.ts"
import { totalOf } from "../../src/services/total.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

type Row = Readonly<Record<string, unknown>>

const ROWS = 240
/** Of each amount some runs share one, some have none, and a few are older than a day. */
const OLD = "n % 40 = 0"
const fill = (
  org: string,
) => `insert into runs (${org}, thread_id, created_at, total_cost_usd, duration_ms, total_input_tokens, total_output_tokens)
  select gen_random_uuid(), gen_random_uuid(), now() - case when ${OLD} then interval '3 days' else n * interval '1 second' end,
    case when n % 5 > 0 then (n % 30) * 0.00000001 end, case when n % 7 > 0 then n * 1000 % 37 end,
    case when n % 3 > 0 then n % 11 * 9000000000000000 end, case when n % 4 > 0 then 9000000000000000000 end
  from generate_series(1, ${ROWS}) n`

const SORTS = ["total_cost_usd", "duration_ms", "total_tokens"] as const

eachGeneration(database => {
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)

  async function everyRow(input: object): Promise<Row[]> {
    const rows: Row[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { data, next_cursor } = await deck().run(listRuns, { ...input, limit: 17, cursor })
      rows.push(...data)
      cursor = next_cursor
    }
    return rows
  }

  beforeAll(async () => {
    await asSuperuser(fill(database.generation === "orgs" ? "org_id" : "account_id"), database.url)
  })

  describe.each(SORTS)("by %s, which no index serves,", field => {
    const amountOf = (row: Row) => (row[field] === null ? null : Number(row[field]))

    test("pages hold every row of the period once, in order; what has none comes last", async () => {
      const up = await everyRow({ sort: field, since: "7d" })
      expect(new Set(up.map(row => row.run_id)).size).toBe(ROWS)
      const amounts = up.map(amountOf)
      const known = amounts.filter(amount => amount !== null)
      expect(amounts).toEqual([...known.toSorted((a, b) => a - b), ...amounts.slice(known.length)])
      expect(known.length).toBeLessThan(ROWS)
      const down = await everyRow({ sort: `-${field}`, since: "7d" })
      const [some, none] = [up.slice(0, known.length), up.slice(known.length)]
      expect(down.map(row => row.run_id)).toEqual([...some.reverse(), ...none.reverse()].map(row => row.run_id))
    })

    test("it is the last day's rows unless the filter says otherwise; the cursor and the total know that too", async () => {
      const recent = await everyRow({ sort: `-${field}` })
      expect(recent).toHaveLength(ROWS - ROWS / 40)
      expect(await deck().run(totalOf(listRuns), { sort: `-${field}` })).toMatchObject({ rows: recent.length })
      expect(await deck().run(totalOf(listRuns), {})).toMatchObject({ rows: ROWS })
      expect(await everyRow({ sort: field, filter: "since:7d since>1d" })).toHaveLength(ROWS / 40)
      const { next_cursor: cursor } = await deck().run(listRuns, { sort: `-${field}`, limit: 200 })
      expect((await deck().run(listRuns, { cursor, limit: 200 })).data).toHaveLength(recent.length - 200)
      expect(await deck().run(sortsServed(listRuns), {})).toMatchObject({ [field]: null })
    })

    test("a command says so, and a period without a begin is refused", async () => {
      const remark = (input: object) => listRuns.remark?.(listRuns.input.parse(input), { data: [], next_cursor: null })
      expect(remark({ sort: field })).toMatch(/^sorted among the runs of the last day/)
      expect(remark({ sort: field, filter: "since:2d" })).toBeUndefined()
      expect(remark({ sort: "created_at" })).toBeUndefined()
      await expect(deck().run(listRuns, { sort: field, filter: "since>1d" })).rejects.toMatchObject({
        code: "invalid",
        field: "sort",
        message: expect.stringMatching(/add its begin/),
      })
    })
  })
})
