import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { usersScreen } from "../../src/ui/screens/users/users-list.tsx"
import { openUsers, printed, type Request, user } from "../support/export-users.ts"
import { temporaryDirectory } from "../support/program.ts"
import { page } from "../support/record-screens.ts"
import { type FakeDeck, openConsole } from "../support/test-console.tsx"

const HEAD = "id,login,username,email,status,avatar_url,locale,timezone,last_login_at,created_at\r\n"

/** 1000 users, in pages as large as they are asked for. */
async function manyUsers({ cursor = "0", limit }: Request) {
  const from = Number(cursor)
  const data = Array.from({ length: Math.min(limit, 1000 - from) }, (_, i) => user(from + i))
  return { data, next_cursor: from + limit < 1000 ? String(from + limit) : null }
}

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
