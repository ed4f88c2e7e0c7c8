import { sql } from "kysely"
import pg from "pg"
import type { Postgres } from "../src/adapters/postgres/connection.ts"
import type { Operator } from "../src/domain/operator.ts"
import { Deck } from "../src/services/deck.ts"
import { openReferralTree } from "../src/services/referrals/branch.ts"
import { onDatabase } from "./database.ts"
import { median, timed } from "./measures.ts"
import { against, type BenchRow } from "./report.ts"

const NODES = 10_000
/** Referrals of others around the trees. */
const OTHERS = 300_000
const ROUNDS = 15
/** What a screen asks for at once. */
const LIMIT = 100

/** Who invited account `n`, for each form of tree; account 1 is the root. */
const FORMS = {
  "as they grow": `1 + (n * 7919::bigint) % (n - 1)`,
  "of 3 000 invited by one": `case when n <= 3001 then 1 else n - 3000 end`,
  "a chain": `n - 1`,
}

/** Trees of 10 000 accounts: opening one as the screen does, beside a bare recursive query over the same tree. Medians. */
export async function referralsBench(): Promise<BenchRow[]> {
  return await onDatabase(async (url, postgres) => {
    await populate(url)
    const rows: BenchRow[] = []
    for (const form of Object.keys(FORMS)) rows.push(await measure(postgres, form))
    return rows
  })
}

const idOf = (form: string, n: string) => `md5('${form}' || (${n}))::uuid`

async function populate(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    for (const [form, inviter] of Object.entries({ ...FORMS, others: "1 + n / 4" })) {
      const count = form === "others" ? OTHERS : NODES
      await client.query(
        `insert into users (id, username, status) select ${idOf(form, "n")}, 'account' || n,
           case n % 20 when 0 then 'suspended' else 'active' end from generate_series(1, ${count}) n`,
      )
      await client.query(
        `insert into referrals (inviter_user_id, invitee_user_id, invite_code_id, credited, created_at)
           select ${idOf(form, inviter)}, ${idOf(form, "n")}, gen_random_uuid(), n % 3 > 0, now() - n * interval '1 minute'
           from generate_series(2, ${count}) n`,
      )
    }
    await client.query("analyze users, referrals")
  } finally {
    await client.end()
  }
}

async function measure(postgres: Postgres, form: string): Promise<BenchRow> {
  const deck = new Deck({ postgres, redis: null as never }, {} as Operator)
  const root = sql.raw<string>(idOf(form, "1"))
  const { rows } = await postgres.run(db => sql<{ id: string }>`select ${root} as id`.execute(db))
  const bare = () =>
    postgres.run(db =>
      sql`with recursive tree(id) as (
      select ${root} union select invitee_user_id from referrals join tree on inviter_user_id = tree.id
    ) select count(*) from tree`.execute(db),
    )
  const open = async () => {
    const opened = await deck.run(openReferralTree, { user_id: rows[0]?.id as string, limit: LIMIT })
    if (opened.root.branch.size !== NODES) throw new Error(`${opened.root.branch.size} accounts of ${NODES}`)
  }
  const [reference, value] = await medians(bare, open)
  return against(reference, { name: `${form}: opened`, value, unit: "ms", target: { atMost: 5 } })
}

/** Milliseconds of both, taken by turns, so that whatever else the machine does hits both alike. */
async function medians(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, work] of [first, second].entries()) {
      const ms = await timed(work)
      // The first round only warms up.
      if (round > 0) times[index]?.push(ms)
    }
  }
  return [median(times[0]), median(times[1])]
}
