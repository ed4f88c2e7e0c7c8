import { once } from "node:events"
import { sql } from "kysely"
import pg from "pg"
import type { Postgres } from "../src/adapters/postgres/connection.ts"
import { CODE_ALPHABET } from "../src/domain/redemption-code.ts"
import { Deck } from "../src/services/deck.ts"
import { createRedemptionCodes } from "../src/services/redemption/create-codes.ts"
import { listRedemptionCodes } from "../src/services/redemption/redemption-codes.ts"
import { signIn } from "../src/services/sign-in.ts"
import { addAdministrator } from "../test/support/people.ts"
import { cursorOfPage, onDatabase } from "./database.ts"
import { median, timed, timeOf } from "./measures.ts"
import { against, type BenchRow } from "./report.ts"

const CODES = 1_000_000
const BATCH = 500
const MADE = 100_000
const ROUNDS = 3
const LIMIT = 50
const FAR_PAGE = 1_000
/** A batch that half of all codes are newer than. */
const OLD_BATCH = `batch-${CODES / 2 / BATCH}`

/** 100 000 codes in one transaction beside COPY of the same rows, and lists over 1 000 000 codes; medians. */
export async function codesBench(): Promise<BenchRow[]> {
  return await onDatabase(async (url, postgres) => {
    const client = new pg.Client(url)
    try {
      await client.connect()
      const platform = { postgres, redis: null as never }
      const operator = await signIn(platform, await addAdministrator(postgres), { console: false })
      const deck = new Deck(platform, operator)
      const making = await measureMaking(deck, client)
      await populate(client)
      return [making, ...(await measureLists(deck, postgres))]
    } finally {
      await client.end()
    }
  })
}

/** By turns: codes made, then the rows that they are copied into an empty table of the same indexes. */
async function measureMaking(deck: Deck, client: pg.Client): Promise<BenchRow> {
  const rates: Record<"made" | "copied", number[]> = { made: [], copied: [] }
  const wanted = { count: MADE, type: "credit", value: "100", expires_at: "2100-01-01T00:00:00Z", batch_id: "made" }
  for (let round = 0; round <= ROUNDS; round++) {
    await client.query("truncate redemption_codes")
    const made = await perSecond(() => deck.change(createRedemptionCodes, wanted))
    const { rows } = await client.query<{ line: string }>("select r::text as line from redemption_codes r")
    const csv = rows.map(({ line }) => line.slice(1, -1)).join("\n")
    await client.query("truncate redemption_codes")
    const copied = await perSecond(() => copy(client, `${csv}\n`))
    // The first round only warms up.
    if (round > 0) {
      rates.made.push(made)
      rates.copied.push(copied)
    }
  }
  return against(median(rates.copied), {
    name: "100 000 codes made in one transaction (beside COPY of the same rows)",
    value: median(rates.made),
    unit: "codes/s",
    target: { atLeast: 0.5 },
  })
}

/** pg speaks COPY below its queries only: this is what the protocol asks for, and no more. */
async function copy(client: pg.Client, csv: string): Promise<void> {
  const { connection } = client as unknown as { connection: CopyConnection }
  const copying = {
    submit: (to: CopyConnection) => to.query("copy redemption_codes from stdin (format csv)"),
    handleCopyInResponse: (to: CopyConnection) => {
      for (let from = 0; from < csv.length; from += 65_536)
        to.sendCopyFromChunk(Buffer.from(csv.slice(from, from + 65_536)))
      to.endCopyFrom()
    },
    handleCommandComplete: () => {},
    handleReadyForQuery: () => connection.emit("copied"),
    handleError: (error: Error) => connection.emit("error", error),
  }
  const done = once(connection, "copied")
  client.query(copying as never)
  await done
}

interface CopyConnection extends NodeJS.EventEmitter {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

async function perSecond(make: () => Promise<unknown>): Promise<number> {
  return (MADE / (await timed(make))) * 1_000
}

const FROM_HEX = "0123456789abcdef".replace(/./g, (_, at: number) => CODE_ALPHABET[at] as string)

/** Inserts a code for each `n` of `series`, made at `at`. */
export const codesFrom = (series: string, at: string): string => `
  insert into redemption_codes (code, type, value, use_count, is_active, batch_id, created_by_user_id, created_at)
  select array_to_string(regexp_matches(translate(left(md5(n::text), 16), '0123456789abcdef', '${FROM_HEX}'), '(....)(....)(....)(....)'), '-'),
    case n % 100 when 7 then 'feature' else 'credit' end, '100', n % 3 / 2, n % 50 > 0, 'batch-' || n / ${BATCH},
    gen_random_uuid(), ${at}
  from ${series}`

async function populate(client: pg.Client): Promise<void> {
  await client.query("truncate redemption_codes")
  await client.query("alter table redemption_codes set unlogged")
  await client.query(codesFrom(`generate_series(1, ${CODES}) n`, `now() - (${CODES} - n) * interval '1 minute'`))
  await client.query("vacuum analyze")
}

async function measureLists(deck: Deck, postgres: Postgres): Promise<BenchRow[]> {
  const one = await timeOf(() => postgres.run(db => sql`select 1`.execute(db)))
  const row = async (name: string, input: object) => ({
    name,
    value: await timeOf(() => deck.run(listRedemptionCodes, { limit: LIMIT, ...input })),
    unit: "ms",
  })
  const first = await row("first page of codes (beside 3 x SELECT 1 + 5 ms)", {})
  const far = await row(`page ${FAR_PAGE} of codes (beside the first)`, {
    cursor: await cursorOfPage(postgres, sql`redemption_codes`, FAR_PAGE, LIMIT),
  })
  const state = await timeOf(() => deck.run(listRedemptionCodes, { limit: LIMIT, state: "off" }))
  return [
    { name: "SELECT 1", value: one, unit: "ms" },
    against(3 * one + 5, { ...first, target: { atMost: 1 } }),
    against(first.value, { ...far, target: { atMost: 1.5 } }),
    { ...(await row("an old batch by its name", { q: OLD_BATCH })), target: { atMost: 100 } },
    {
      ...(await row("batches by the beginning of their names", { q: OLD_BATCH.slice(0, -1) })),
      target: { atMost: 100 },
    },
    { ...(await row("codes of a type that few have", { type: "feature" })), target: { atMost: 100 } },
    { name: "codes that are off", value: state, unit: "ms" },
    await row("a part that few codes have", { q: "q7z9-" }),
  ]
}
