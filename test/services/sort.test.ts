import { PostgresQueryCompiler, type RootOperationNode, sql } from "kysely"
import { beforeAll, describe, expect, test } from "vitest"
import type { z } from "zod"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import { indexNamed } from "../../src/adapters/postgres/declared-indexes.ts"
import { listAudit } from "../../src/services/audit-log.ts"
import { Deck } from "../../src/services/deck.ts"
import { listInviteCodes } from "../../src/services/invite-codes/invite-codes.ts"
import { commandOf, type Operation } from "../../src/services/operation.ts"
import { listRedemptionCodes } from "../../src/services/redemption/redemption-codes.ts"
import { listReferrals } from "../../src/services/referrals/referrals.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import type { Sorts } from "../../src/services/sort.ts"
import { sortsServed } from "../../src/services/sorts-served.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

type Row = Readonly<Record<string, unknown>>
type List = Operation<z.ZodObject, { data: Row[]; next_cursor: string | null }>

const LISTS = [listUsers, listRuns, listInviteCodes, listRedemptionCodes, listReferrals, listAudit] as unknown as List[]

/** Each list with each of its sorts, down and up. */
const SORTED = LISTS.flatMap(list =>
  Object.entries((list.sorts as Sorts).indexes).flatMap(([field, index]) =>
    [field, `-${field}`].map(sort => ({ name: `${list.words.join(" ")} --sort ${sort}`, list, sort, field, index })),
  ),
)

/** Enough rows for PostgreSQL to prefer an index to reading all of them; of each text and time some share one, and some have none. */
const ROWS = 1_500
const FILLED = [
  `insert into users (username, email, status, created_at, last_login_at)
    select 'user' || n % 300, case when n % 5 > 0 then 'e' || n || '@example.com' end, case when n % 7 = 0 then 'suspended' else 'active' end,
      timestamptz '2026-01-01' + n % 400 * interval '1 second', case when n % 3 > 0 then timestamptz '2026-02-01' + n % 50 * interval '1 hour' end
    from generate_series(1, ${ROWS}) n`,
  `insert into invite_codes (user_id, code, max_uses, created_at)
    select gen_random_uuid(), md5(n::text), 1, timestamptz '2026-01-01' + n % 400 * interval '1 second' from generate_series(1, ${ROWS}) n`,
  `insert into referrals (inviter_user_id, invitee_user_id, invite_code_id, created_at)
    select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), timestamptz '2026-01-01' + n % 400 * interval '1 second'
    from generate_series(1, ${ROWS}) n`,
  `insert into redemption_codes (code, type, value, batch_id, created_by_user_id, created_at)
    select md5(n::text), case when n % 3 = 0 then 'credit' else 'feature' end, '1', case when n % 4 > 0 then 'batch' || n % 11 end,
      gen_random_uuid(), timestamptz '2026-01-01' + n % 400 * interval '1 second' from generate_series(1, ${ROWS}) n`,
]
const inNames = (org: string) => [
  `insert into runs (${org}, thread_id, status, created_at)
    select gen_random_uuid(), gen_random_uuid(), (array['completed', 'failed', 'running'])[1 + n % 3],
      timestamptz '2026-01-01' + n % 400 * interval '1 second' from generate_series(1, ${ROWS}) n`,
  `insert into audit_logs (ts, action, trace_id)
    select timestamptz '2026-01-01' + n % 400 * interval '1 second', 'action' || n % 4, md5(n::text) from generate_series(1, ${ROWS}) n`,
]

/** Texts and times, as PostgreSQL compares them here: byte by byte. */
const compared = (a: unknown, b: unknown) => (a === b ? 0 : (a as string) < (b as string) ? -1 : 1)

eachGeneration(database => {
  const deck = (postgres: Postgres = database.postgres) => new Deck({ postgres, redis: {} as never }, {} as never)
  const page = (list: List, input: object) => deck().run(commandOf(list) as unknown as List, input)
  const idOf = (row: Row) => String(row.run_id ?? row.id)

  /** All rows of a list, page by page. */
  async function everyRow(list: List, input: object): Promise<Row[]> {
    const rows: Row[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { data, next_cursor } = await page(list, { ...input, limit: 170, cursor })
      rows.push(...data)
      cursor = next_cursor
    }
    return rows
  }

  beforeAll(async () => {
    const org = database.generation === "orgs" ? "org_id" : "account_id"
    await asSuperuser([...FILLED, ...inNames(org), "analyze"].join(";"), database.url)
  })

  describe("pages", () => {
    test.each(SORTED.filter(({ sort }) => !sort.startsWith("-")))(
      "of $name hold every row once, in its order, and turned around in the opposite one",
      async ({ list, sort, field }) => {
        const up = await everyRow(list, { sort })
        expect(new Set(up.map(idOf)).size).toBe(up.length)
        expect(up.length).toBe(ROWS)
        const values = up.map(row => row[field]).filter(value => value !== null)
        expect(values).toEqual(values.toSorted(compared))
        // What has no value comes last, whichever the direction.
        const without = up.slice(values.length)
        expect(without.filter(row => row[field] !== null)).toEqual([])
        const down = await everyRow(list, { sort: `-${sort}` })
        const turned = [...up.slice(0, values.length).reverse(), ...without.reverse()]
        expect(down.map(idOf)).toEqual(turned.map(idOf))
      },
    )

    test.each(SORTED)("of $name are found by its index, wherever they begin", async ({ list, sort, index }) => {
      for (const cursor of [
        undefined,
        (await page(list, { sort, limit: 200 })).next_cursor,
        await lateCursor(list, sort),
      ]) {
        const plan = await planOf(list, { sort, limit: 20, cursor })
        const { table, name } = indexNamed(index)
        const scans = plan.filter(node => node["Relation Name"] === table)
        expect(scans.map(node => node["Index Name"])).toContain(name)
        expect(scans.filter(node => node["Node Type"] === "Seq Scan")).toEqual([])
        // What a page reads does not grow with what lies before it.
        for (const node of scans) expect(Number(node["Actual Rows"]) * Number(node["Actual Loops"])).toBeLessThan(150)
      }
    })

    const lateCursor = async (list: List, sort: string) => {
      let cursor: string | null | undefined
      for (let n = 0; n < 3; n++) cursor = (await page(list, { sort, limit: 200, cursor })).next_cursor
      return cursor
    }

    type Node = Readonly<Record<string, unknown>> & { readonly Plans?: readonly Node[] }

    /** The plan of the list's query, flat, with what was really read. */
    async function planOf(list: List, input: object): Promise<Node[]> {
      const queries: RootOperationNode[] = []
      const run: Postgres["run"] = (query, ...rest) =>
        database.postgres.run(
          db =>
            query(
              db.withPlugin({
                transformQuery: ({ node }) => {
                  if (node.kind === "SelectQueryNode") queries.push(node)
                  return node
                },
                transformResult: async ({ result }) => result,
              }),
            ),
          ...rest,
        )
      await deck({ ...database.postgres, run } as Postgres).run(commandOf(list), input)
      const [listed] = queries
      const { sql: text, parameters } = new PostgresQueryCompiler().compileQuery(
        listed as RootOperationNode,
        {} as never,
      )
      const parts = text.split(/\$\d+/)
      const order = [...text.matchAll(/\$(\d+)/g)].map(([, number]) => parameters[Number(number) - 1])
      const explained = sql.join(
        parts.flatMap((part, index) => [sql.raw(part), ...(index < order.length ? [sql`${order[index]}`] : [])]),
        sql``,
      )
      const { rows } = await database.postgres.run(db =>
        sql<{ "QUERY PLAN": [{ Plan: Node }] }>`explain (analyze, format json) ${explained}`.execute(db),
      )
      const flat = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flat)]
      return flat(rows[0]?.["QUERY PLAN"][0].Plan as Node)
    }
  })

  test("a cursor holds its sort, and is refused with another one", async () => {
    const first = await page(listUsers as unknown as List, { sort: "-username", limit: 5 })
    const cursor = first.next_cursor as string
    const second = await page(listUsers as unknown as List, { sort: "-username", limit: 5, cursor })
    expect((await page(listUsers as unknown as List, { limit: 5, cursor })).data).toEqual(second.data)
    await expect(page(listUsers as unknown as List, { sort: "username", cursor })).rejects.toMatchObject({
      code: "invalid",
      field: "cursor",
      message:
        "the cursor is of the list sorted by -username: give that sort or none, or start again without the cursor",
    })
    await expect(page(listRuns as unknown as List, { cursor })).rejects.toMatchObject({
      field: "cursor",
      message: "the cursor is of another list: start again without it",
    })
  })

  test.each(["few", "many"])("a search that finds %s is sorted as the whole list is", async found => {
    const q = found === "few" ? "user29" : "user"
    for (const sort of ["username", "-email", "last_login_at", "-last_login_at"]) {
      const all = (await everyRow(listUsers as unknown as List, { sort })).filter(row =>
        String(row.username).includes(q),
      )
      const searched = await everyRow(listUsers as unknown as List, { sort, q })
      expect(searched.map(idOf)).toEqual(all.map(idOf))
    }
  })

  test("a part of a batch's name is sorted as the whole list is", async () => {
    for (const sort of ["code", "-batch_id", "-created_at", "created_at"]) {
      const list = listRedemptionCodes as unknown as List
      const all = (await everyRow(list, { sort })).filter(row => String(row.batch_id).includes("batch1"))
      expect((await everyRow(list, { sort, q: "batch1" })).map(idOf)).toEqual(all.map(idOf))
    }
  })

  test("deleted users have no order that leaves them out", async () => {
    const list = listUsers as unknown as List
    await expect(page(list, { sort: "email", status: "deleted" })).rejects.toMatchObject({
      code: "invalid",
      field: "sort",
      message: "an index serves email only for rows with deleted_at is null: drop the filter or the sort",
    })
    await expect(page(list, { sort: "username", status: "deleted" })).resolves.toMatchObject({ data: [] })
    expect(await deck().run(sortsServed(list), { status: "deleted" })).toMatchObject({ username: null, id: null })
  })

  test("without an index for it a sort is refused with the one that makes it possible; the list's own order never is", async () => {
    const list = listAudit as unknown as List
    await asSuperuser("drop index audit_logs_action; drop index audit_logs_newest", database.url)
    const message =
      "no index serves action in this database; this makes one: CREATE INDEX CONCURRENTLY audit_logs_action ON audit_logs (action, ts desc, id desc);"
    await expect(page(list, { sort: "-action" })).rejects.toMatchObject({ code: "invalid", field: "sort", message })
    expect(await deck().run(sortsServed(list), {})).toEqual({ ts: null, action: message, id: null })
    const up = await everyRow(list, { sort: "ts" })
    expect((await everyRow(list, {})).map(idOf)).toEqual(up.map(idOf).reverse())
    await asSuperuser(message.replace(/^.*: CREATE/, "CREATE"), database.url)
    await expect(page(list, { sort: "-action" })).resolves.toMatchObject({ next_cursor: expect.any(String) })
  })
})
