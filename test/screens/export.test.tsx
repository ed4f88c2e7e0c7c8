import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeEach, describe, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { UserRow } from "../../src/domain/user.ts"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { codesScreen } from "../../src/ui/screens/codes/codes-list.tsx"
import { destinations } from "../../src/ui/screens/index.ts"
import { referralsScreen } from "../../src/ui/screens/referrals/referrals-list.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { temporaryDirectory } from "../support/program.ts"
import { ALICE, answering, BOB, page, run, runs, userRow } from "../support/record-screens.ts"
import { type FakeDeck, openConsole, opening } from "../support/test-console.tsx"

const copied: string[] = []
beforeEach(() => {
  copied.length = 0
  vi.stubEnv("TERM", "xterm-256color")
  vi.stubEnv("TMUX", "")
  const write = process.stdout.write.bind(process.stdout)
  vi.spyOn(process.stdout, "write").mockImplementation(((text: string, ...rest: never[]) => {
    const [, base64] = /^\x1b\]52;c;(.*)\x07$/.exec(String(text)) ?? []
    if (base64 === undefined) return write(text, ...rest)
    copied.push(Buffer.from(base64, "base64").toString())
    return true
  }) as typeof process.stdout.write)
})

const user = (n: number, columns: Partial<UserRow> = {}) =>
  userRow({ id: `id of ${n}`, login: `user${n}`, username: `User ${n}`, email: null, created_at: CREATED, ...columns })

const CREATED = "2024-01-01T10:00:00Z"

/** What `users list --json` prints of the user. */
const printed = (n: number) =>
  `{"id":"id of ${n}","login":"user${n}","username":"User ${n}","email":null,"status":"active","avatar_url":null,"locale":null,"timezone":null,"last_login_at":null,"created_at":"2024-01-01T10:00:00Z"}\n`

const HEAD = "id,login,username,email,status,avatar_url,locale,timezone,last_login_at,created_at\r\n"

interface Request {
  cursor?: string
  limit: number
  q?: string
}

/** 1000 users, in pages as large as they are asked for. */
async function manyUsers({ cursor = "0", limit }: Request) {
  const from = Number(cursor)
  const data = Array.from({ length: Math.min(limit, 1000 - from) }, (_, i) => user(from + i))
  return { data, next_cursor: from + limit < 1000 ? String(from + limit) : null }
}

const openUsers = (answer: (input: Request) => Promise<unknown>) =>
  openConsole([usersScreen], { run: (_, input: never) => answer(input) } as FakeDeck)

/** What is saved comes as far as `cursor`, and no further. */
const openHanging = (cursor: string | undefined, answer: (input: Request) => Promise<unknown> = manyUsers) =>
  openConsole([usersScreen], {
    run: (_, input: Request, options?: { signal: AbortSignal }) =>
      input.limit === 200 && input.cursor === cursor
        ? new Promise((_, reject) =>
            options?.signal.addEventListener("abort", () => reject(new DeckError("cancelled", "cancelled"))),
          )
        : answer(input),
  } as FakeDeck)

/** Ctrl-S, and another name in the field. */
async function saveAs(console: ReturnType<typeof openConsole>, path: string) {
  const { see, press } = console
  press("ctrl-s")
  await see("Save the")
  if (!console.lines().some(line => line.includes("▌ file"))) press("tab")
  press("\x15", path)
  await see(path.slice(-12))
}

describe("y", () => {
  test("copies the selected row as the command prints it, and says that nobody knows whether it arrived", async () => {
    const { see, press } = openUsers(async () => page([user(1), user(2)]))
    await see("2 shown")
    press("y")
    await see("this user, as JSON", "id of 1", "2024-01-01T10:00:00Z")
    press("y")
    await see("this user, 189 bytes, sent to the clipboard: paste to check")
    expect(copied).toEqual([printed(1)])
  })

  test("copies one field, or those that are marked", async () => {
    const { see, press } = openUsers(async () => page([user(1), user(2), user(3)]))
    await see("3 shown")
    press("y", "j", "j", "enter")
    await see("login, 5 bytes, sent")
    press(" ", " ")
    await see("2 marked")
    press("y")
    await see("the 2 marked, as NDJSON")
    press("enter")
    await see("2 users, 378 bytes, sent")
    press("y", "j", "enter")
    await see("this user, 189 bytes, sent")
    press("y", "y")
    await see("2 users, 378 bytes, sent")
    expect(copied).toEqual(["user1", printed(1) + printed(2), printed(3), printed(1) + printed(2)])
  })

  test("copies as JSON what a terminal that it is pasted into could obey", async () => {
    const { see, press } = openUsers(async () => page([user(1, { username: "\x1b[201~\nrm" })]))
    await see("1 shown")
    press("y", "j", "j", "j", "enter")
    await see("username, 17 bytes")
    expect(copied).toEqual(['"\\u001b[201~\\nrm"'])
  })

  test("says where a terminal has no clipboard, and what is too much for any", async () => {
    vi.stubEnv("TERM", "linux")
    const { see, press } = openUsers(async () => page([user(1, { username: "x".repeat(100_000) })]))
    await see("1 shown")
    press("y", "y")
    await see("not copied: the Linux console has no clipboard to copy to: save instead")
    vi.stubEnv("TERM", "xterm")
    press("y", "y")
    await see("not copied: 100", "bytes exceed the terminal's limit of 74988: save instead")
    expect(copied).toEqual([])
  })

  test("of one thing copies it whole, with all the digits, or the line at the cursor", async () => {
    const opener = opening(shell => shell.open("run", { run_id: run().run_id }))
    const { see, press } = openConsole([opener], answering({ "runs show": run() }))
    press("o")
    await see("$ 0.00706103")
    press("y", "j", "enter")
    await see("this run, ")
    press("y", "y")
    await see("the selected line, 36 bytes")
    const [whole, line] = copied
    expect(whole).toContain('"total_input_tokens":9223372036854775807,')
    expect(whole).toContain('"total_cost_usd":0.00706103,')
    expect(whole).not.toContain("org_name")
    expect(line).toBe(ALICE)
  })

  test("names a pair as the command does", async () => {
    const account = (user_id: string, login: string) => ({ user_id, login, username: login, status: "active" })
    const referral = {
      ...{ id: "r1", inviter_user_id: ALICE, invitee_user_id: BOB, invite_code_id: "c1", credited: true },
      ...{ created_at: "2024-01-01T10:00:00Z", inviter_login: "alice", invitee_login: "bob" },
      ...{ code: "K7", ring: null, inviter_ring: null },
      ...{ inviter: account(ALICE, "alice"), invitee: account(BOB, "bob") },
    }
    const { see, press } = openConsole([referralsScreen], answering({ "referrals list": page([referral]) }))
    await see("1 shown")
    press("y", "y")
    await see("this referral, ")
    expect(copied).toEqual([
      `{"id":"r1","inviter_user_id":"${ALICE}","invitee_user_id":"${BOB}","invite_code_id":"c1","credited":true,"created_at":"2024-01-01T10:00:00Z","inviter_login":"alice","invitee_login":"bob"}\n`,
    ])
  })
})

describe("Ctrl-S", () => {
  test("saves the list to its end, page by page, with the search in force, for nobody else to read", async () => {
    const asked: Request[] = []
    const console = openUsers(input => {
      asked.push(input)
      return manyUsers(input)
    })
    const { see, press } = console
    await see("100 shown, more below")
    press("/", "user", "enter")
    await see("/ user")
    const path = join(temporaryDirectory(), "users.ndjson")
    await saveAs(console, path)
    await see("NDJSON, a record a line; named .csv it is CSV")
    press("enter")
    await see("1 000 users saved to")
    expect(readFileSync(path, "utf8")).toBe(Array.from({ length: 1000 }, (_, n) => printed(n)).join(""))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(asked.filter(({ limit }) => limit === 200)).toEqual(
      [0, 200, 400, 600, 800].map(n => ({ filter: "user", limit: 200, cursor: n ? `${n}` : undefined })),
    )
  })

  test("asks whether the marked ones are meant, and writes CSV where the name ends so", async () => {
    const console = openUsers(async () => page([user(1, { username: "=1+1" }), user(2, { email: 'a"b' })]))
    const { see, press } = console
    await see("2 shown")
    press("j", " ")
    await see("1 marked")
    const path = join(temporaryDirectory(), "one.csv")
    await saveAs(console, path)
    await see("1 marked", "CSV, with all columns")
    press("enter")
    await see("1 user saved to")
    expect(readFileSync(path, "utf8")).toBe(`${HEAD}id of 2,user2,User 2,"a""b",active,,,,,2024-01-01T10:00:00Z\r\n`)
    press("ctrl-s")
    await see("‹ 1 marked ›")
    press(" ")
    await see("‹ all, to the end of the list ›")
    const all = join(temporaryDirectory(), "all.csv")
    press("tab", "\x15", all, "enter")
    await see("2 users saved to")
    expect(readFileSync(all, "utf8")).toContain("\r\nid of 1,user1,'=1+1,,active,")
  })

  test("tells how far it is, and Esc leaves no file", async () => {
    const directory = temporaryDirectory()
    const hung = openHanging("400")
    const { see, press, gone } = hung
    await see("100 shown")
    await saveAs(hung, join(directory, "users.csv"))
    press("enter")
    await see("writing… 400 so far", "Esc cancel")
    expect(readdirSync(directory)).toHaveLength(1)
    press("esc")
    await see("cancelled: no file was written")
    expect(readdirSync(directory)).toEqual([])
    press("esc")
    await gone("Save the users")
  })

  test("of how many, where that is known", async () => {
    const console = openHanging(undefined, async () => page([user(1)]))
    await console.see("1 shown")
    await saveAs(console, join(temporaryDirectory(), "users.csv"))
    console.press("enter")
    await console.see("░░░░  0 of 1")
  })

  test("that fails on the way says why, leaves nothing, and never takes the place of another file", async () => {
    const directory = temporaryDirectory()
    const console = openUsers(input =>
      input.cursor === "200" && input.limit === 200
        ? Promise.reject(new DeckError("unavailable", "PostgreSQL refused", { traceId: "7d1e" }))
        : manyUsers(input),
    )
    const { see, press, gone } = console
    await see("100 shown")
    await saveAs(console, join(directory, "users.csv"))
    press("enter")
    await see("not written, PostgreSQL refused", "No file was written.")
    expect(readdirSync(directory)).toEqual([])
    press("esc")
    await gone("Save the users")
    writeFileSync(join(directory, "there.csv"), "before")
    await saveAs(console, join(directory, "there.csv"))
    press("enter")
    await see("not written")
    expect(readFileSync(join(directory, "there.csv"), "utf8")).toBe("before")
    expect(readdirSync(directory)).toEqual(["there.csv"])
  })

  test("of an empty list says that there is nothing", async () => {
    const { see, press } = openUsers(async () => page([]))
    await see("Nothing here yet.")
    press("ctrl-s")
    await see("save: there is nothing to save")
  })
})

describe("Y", () => {
  const guard = new ChangeGuard({ environment: "PROD-EU", profile: "prod-eu" } as never, async () => {})

  test("shows the command line that answers what is seen, and copies it", async () => {
    const deck = { run: async () => page(runs) }
    const { see, press } = openConsole([runsScreen], deck, undefined, { guard })
    await see("2 shown")
    press("v", "v", "Y")
    await see("opsdeck runs list --profile prod-eu status:completed")
    press("y")
    await see("the command line, 52 bytes, sent")
    expect(copied).toEqual(["opsdeck runs list --profile prod-eu status:completed"])
  })

  test("has the filter of any list in it", async () => {
    const { see, press } = openConsole([codesScreen], { run: async () => page([]) })
    await see("Nothing here yet.")
    press("v", "v")
    await see("Nothing matches")
    press("Y")
    await see(`opsdeck codes list 'state:"used up"'`)
  })

  test("of one thing says the command with its id; of what has no command it says so", async () => {
    const screens = opening(shell => shell.open("run", { run_id: run().run_id }))
    const { see, press } = openConsole([screens], answering({ "runs show": run() }))
    press("Y")
    await see("share: no command is equivalent to Opening")
    press("o")
    await see("$ 0.00706103")
    press("Y")
    await see(`opsdeck runs show ${run().run_id}`)
    expect(destinations.run.id).toBe("run")
  })
})
