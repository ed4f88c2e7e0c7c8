import { expect } from "vitest"
import type { Page } from "../../src/adapters/postgres/cursor.ts"
import type { Deck } from "../../src/services/deck.ts"
import { commandOf } from "../../src/services/operation.ts"
import { listRuns } from "../../src/services/runs/runs.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { operationsOn } from "../support/operators.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const ROWS = sized({ short: 3_000, full: 300_000 })
/** The most that a page may have (contract, section 2). */
const PAGE = 200
/** Rows that somebody else adds at once, over and over. */
const ADDED = 20

/** A third of the rows of one microsecond, a third a microsecond apart in threes, a third around the turn of a second. */
const AT = `timestamptz '2026-03-01 12:00:00+00' + case n % 3
  when 0 then interval '0'
  when 1 then (n / 9) * interval '1 microsecond'
  else (n % 7 - 3) * interval '1 microsecond' end`
/** Half of them anywhere among the rows, the others just now and so before all. */
const EVERYWHERE = `${AT} + (n % 2) * (now() - timestamptz '2026-03-01 12:00:00+00')`
const NONE = { atMost: 0 }

type Read = (page: { limit: number; cursor?: string }) => Promise<Page<{ id: string }>>

/** A table, how a row of it is added for each `n` of `numbers` at the time `at`, and the lists of them. */
interface Listed {
  readonly add: (numbers: string, at: string) => string
  readonly lists: Readonly<Record<string, (deck: Deck) => Read>>
}

const EACH = `generate_series(1, ${ROWS}) n`
const SOME = `(select floor(random() * ${ROWS})::int as n from generate_series(1, ${ADDED})) anywhere`

const TABLES: Readonly<Record<string, Listed>> = {
  users: {
    add: (numbers, at) => `insert into users (username, created_at) select 'paged', ${at} from ${numbers}`,
    lists: {
      "users list": deck => page => deck.run(commandOf(listUsers), page),
      "users list --q": deck => page => deck.run(commandOf(listUsers), { q: "page", ...page }),
    },
  },
  runs: {
    add: (numbers, at) => `insert into runs (org_id, thread_id, created_at)
      select gen_random_uuid(), gen_random_uuid(), ${at} from ${numbers}`,
    lists: {
      "runs list": deck => async page => {
        const { data, next_cursor } = await deck.run(commandOf(listRuns), page)
        return { data: data.map(({ run_id }) => ({ id: run_id })), next_cursor }
      },
    },
  },
}

const database = freshDatabase()
const operations = operationsOn(database)
const sql = (query: string) => asSuperuser(query, database.url)

scenario(
  {
    number: 15,
    title: "Paging while rows are added",
    load: `${ROWS} rows of each list with equal and microsecond-near times, ${PAGE} a page, somebody adding ${ADDED} at a time everywhere among them`,
    passes: "every row that was there at the start comes once, and none comes twice",
    inSubset: true,
  },
  async measure => {
    const deck = await operations.deck()
    for (const [table, { add, lists }] of Object.entries(TABLES)) {
      await sql(`${add(EACH, AT)}; analyze ${table}`)
      for (const [name, read] of Object.entries(lists)) {
        const before = (await sql(`select id from ${table} where id <> '${deck.operator.userId}'`)).map(({ id }) => id)
        expect(before.length).toBeGreaterThanOrEqual(ROWS)
        const told: string[] = []
        const began = performance.now()
        const added = await whileAdding(
          () => sql(add(SOME, EVERYWHERE)),
          () => pageThrough(read(deck), told),
        )
        const seen = new Set<unknown>(told)
        measure(`${name}: there at the start, and missed`, before.filter(id => !seen.has(id)).length, "rows", NONE)
        measure(`${name}: told twice`, told.length - seen.size, "rows", NONE)
        measure(`${name}: added meanwhile`, added, "rows", { atLeast: ADDED })
        measure(`${name}: a page`, (performance.now() - began) / (told.length / PAGE), "ms")
      }
    }
  },
)

async function pageThrough(read: Read, told: string[]): Promise<void> {
  let cursor: string | null = null
  do {
    const page: Page<{ id: string }> = await read({ limit: PAGE, ...(cursor !== null && { cursor }) })
    told.push(...page.data.map(({ id }) => id))
    cursor = page.next_cursor
  } while (cursor !== null)
}

/** Adds rows, one lot after the other, for as long as `work` takes; answers how many. */
async function whileAdding(add: () => Promise<unknown>, work: () => Promise<void>): Promise<number> {
  let isDone = false
  const adding = (async () => {
    let lots = 0
    for (; !isDone; lots++) await add()
    return lots * ADDED
  })()
  await work().finally(() => {
    isDone = true
  })
  return adding
}
