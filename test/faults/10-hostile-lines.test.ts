import fc from "fast-check"
import { expect } from "vitest"
import { FIRST_MS, Gateway, newStream, request } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addPerson } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"
import { Terminal } from "../support/terminal.ts"
import { type HostileFields, hostileRequests, hostileText } from "./support/hostile-lines.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { StrictScreen } from "./support/strict-screen.ts"

const database = freshDatabase()
const gateway = Gateway.forTests()
const operations = new Operations(database, gateway)

const LINES = sized({ short: 5_000, full: 1_000_000 })
const SEED = 10_010
const USERS = 200
const COLUMNS = 140
const ROWS = 1_000
/** Where the newest entry stands, above a rule and the keys. */
const NEWEST_ROW = ROWS - 3
/** As many as the log shows at once, with some rows to spare for what stands around them. */
const SCREENFUL = ROWS - 20
/** Of so many screenfuls one is waited for; a frame of a thousand rows takes a third of a second. */
const BATCH = sized({ short: 1, full: 4, long: 1 }) * SCREENFUL
/** With a screenful more than there is room for, so that the newest stands where it does from then on. */
const FIRST = 30
/** Every so many batches an entry is opened, with all of its fields. */
const DETAIL_EVERY = 5
/** The stream is trimmed behind those who follow it. */
const KEPT = 5 * BATCH

scenario(
  {
    number: 10,
    title: "Hostile lines",
    load: `${LINES} fuzzed lines and ${USERS} names, seed ${SEED}, through the console and \`log --follow\` in pseudo-terminals`,
    passes:
      "no byte but text to be seen and the console's own sequences; clipboard and title untouched; no row too wide",
    inSubset: true,
  },
  async measure => {
    const names = fc.sample(hostileText, { numRuns: USERS, seed: SEED }).map(storable)
    const users: string[] = []
    for (const [n, username] of names.entries()) {
      users.push((await addPerson(database.postgres, { username: `${n} ${username}` })).id)
    }
    const stream = newStream()
    const add = (from: number, count: number) => addHostile(stream, hostileRequests(count, SEED + from), from, users)
    await add(0, FIRST)

    const terminal = operations.open(stream, { columns: COLUMNS, rows: ROWS })
    const strict = watched(terminal, COLUMNS)
    await terminal.see("● live", `/n/${FIRST - 1}/`, "2 Dashboard")
    const follower = Terminal.opsdeck(["log", "--follow", "--since", "0-1"], operations.environment(stream), {
      columns: COLUMNS,
    })
    const strictLines = watched(follower, Number.POSITIVE_INFINITY)

    let drawn = FIRST
    let opened = 0
    for (let written = FIRST; written < LINES; ) {
      const count = Math.min(BATCH, LINES - written)
      await add(written, count)
      written += count
      // The heading is a line as well.
      await follower.wait(() => strictLines.lines > written, `${written - 1} is not printed`)
      const wanted = Math.min(count, SCREENFUL)
      const seen = () => numbersOn(terminal).filter(number => number >= written - wanted).length
      const isNewest = () => terminal.row(NEWEST_ROW).includes(`/n/${written - 1}/`)
      await terminal.wait(() => isNewest() && seen() >= wanted, `no ${written - 1} below a screenful of others`)
      drawn += seen()
      await gateway.writer.xtrim(stream, "MAXLEN", "~", KEPT)
      if (opened * DETAIL_EVERY * BATCH < written) {
        await openNewest(terminal, written - 1)
        opened++
      }
      expect([strict.refused, strictLines.refused]).toEqual([undefined, undefined])
      terminal.output = ""
      follower.output = ""
    }
    measure("lines", LINES, "lines")
    measure("seed", SEED, "")
    measure("printed by `log --follow`", strictLines.lines - 1, "lines", { atLeast: LINES })
    measure("drawn by the console, seen in whole frames", drawn, "lines", { atLeast: (LINES / BATCH) * SCREENFUL })
    measure("opened, with all fields", opened, "entries")
    measure("bytes looked at", strict.bytes + strictLines.bytes, "bytes")
    measure("requests for title or clipboard", terminal.requests.length + follower.requests.length, "", { atMost: 0 })
    terminal.press("q")
    expect(await terminal.exited).toMatchObject({ exitCode: 0 })
  },
)

/** PostgreSQL holds neither NUL nor half a character. */
const storable = (text: string) => text.replaceAll("\0", "").toWellFormed()

function watched(terminal: Terminal, columns: number): StrictScreen {
  const strict = new StrictScreen(columns)
  const stop = terminal.onBytes(bytes => {
    try {
      strict.take(bytes)
    } catch (error) {
      // What follows would be read from somewhere within.
      stop()
      strict.refused = (error as Error).message
    }
  })
  return strict
}

async function addHostile(stream: string, requests: readonly HostileFields[], from: number, users: readonly string[]) {
  const pipeline = gateway.writer.pipeline()
  requests.forEach((fields, i) => {
    const n = from + i
    const usual = request({ path: "", user_id: users[n % users.length] as string })
    pipeline.xadd(stream, `${FIRST_MS + n}-0`, ...fieldsOf({ ...usual, ...Object.fromEntries(fields) }, n))
  })
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

/** Whatever is hostile in it, the path says in front which line it is. */
const fieldsOf = (fields: Record<string, string | Buffer>, n: number) =>
  Object.entries(fields).flatMap(([name, value]) =>
    name === "path" ? [name, Buffer.concat([Buffer.from(`/n/${n}/`), Buffer.from(value as string)])] : [name, value],
  )

/** The lines on the screen, by their numbers. */
const numbersOn = ({ rows }: Terminal): number[] =>
  rows.flatMap(row => {
    const [, number] = / \/n\/(\d+)\//.exec(row) ?? []
    return number === undefined ? [] : Number(number)
  })

async function openNewest(terminal: Terminal, number: number): Promise<void> {
  terminal.press("enter")
  await terminal.see("trace_id")
  terminal.press("esc")
  await terminal.see("METHOD")
  terminal.press("G")
  await terminal.see("● live", `/n/${number}/`)
}
