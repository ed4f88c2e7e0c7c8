import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { RedemptionCodeDetail } from "../../src/domain/redemption-code.ts"
import type { Preview } from "../../src/services/operation.ts"
import { KeyMap } from "../../src/ui/keys/key-map.ts"
import { codesScreen } from "../../src/ui/screens/codes/codes-list.tsx"
import { clockAt } from "../support/clock.ts"
import { later } from "../support/fake-changes.ts"
import { temporaryDirectory } from "../support/program.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const BOB = "0b0b0000-0000-4000-8000-000000000001"

const code = (n: number, columns: Partial<RedemptionCodeDetail> = {}): RedemptionCodeDetail => ({
  id: `0c0de000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  code: `AAAA-BBBB-CCCC-${String(n).padStart(4, "2")}`,
  type: "credit",
  value: "500",
  max_uses: 1,
  use_count: 0,
  expires_at: "2026-12-22T14:02:30Z",
  is_active: true,
  batch_id: "spring",
  created_by_user_id: ALICE,
  created_at: "2026-11-20T12:00:00.12045Z",
  state: "active",
  created_by_login: "alice",
  created_by_username: "Alice Liddell",
  ...columns,
})
const CODES = [
  code(1),
  code(2, { max_uses: 10, use_count: 3 }),
  code(3, { use_count: 1, state: "used up" }),
  code(4, { expires_at: "2026-11-21T00:00:00Z", state: "expired" }),
  code(5, { is_active: false, state: "off", batch_id: "a batch with a name that goes on and on" }),
  code(6, { code: "evil\x1b[31m", type: "feature", value: "voice", expires_at: null, batch_id: null }),
]
const MADE = Array.from({ length: 40 }, (_, n) => code(n + 10, { value: '1,"0"' }))

const PREVIEW: Preview = {
  title: "Create 40 codes",
  subject: ["type credit, value 100, batch spring"],
  effects: ["40 codes, together worth 4 000 credits, without expiry"],
  needsConfirmation: true,
}

interface Given {
  readonly size?: { columns: number; rows: number }
  readonly keyMap?: KeyMap
  readonly preview?: Preview
  readonly change?: (options: {
    signal?: AbortSignal
    progress: (done: number, all: number) => void
  }) => Promise<unknown>
}

const DONE = { answer: { batch_id: "spring", data: MADE }, steps: [{ what: "40 codes in batch spring" }] }

/** The list of codes over a deck that keeps what it was asked; other screens are never answered. */
function openCodes({
  size = { columns: 100, rows: 30 },
  keyMap = new KeyMap(),
  preview = PREVIEW,
  change = async () => DONE,
}: Given = {}) {
  const reads: object[] = []
  const previews: object[] = []
  const asked: object[] = []
  const page = (data: readonly unknown[]) => ({ data, next_cursor: null })
  const answers: Record<string, (input: { id: string }) => unknown> = {
    "codes list": () => page(CODES),
    "codes show": ({ id }) => CODES.find(row => row.id === id),
    "codes redemptions": () =>
      page([
        {
          id: "1",
          user_id: BOB,
          login: "bob",
          username: "Bob Stone",
          org_id: ALICE,
          org_name: "Acme",
          redeemed_at: "2026-11-21T00:00:00Z",
        },
        {
          id: "2",
          user_id: ALICE,
          login: null,
          username: null,
          org_id: ALICE,
          org_name: null,
          redeemed_at: "2025-11-21T00:00:00Z",
        },
      ]),
    "audit list": () => page([]),
  }
  const deck = {
    run: async ({ words }: { words: readonly string[] }, input: { id: string }) => {
      reads.push({ words: words.join(" "), ...input })
      return answers[words.join(" ")]?.(input) ?? new Promise(() => {})
    },
    preview: async ({ words }: { words: readonly string[] }, input: object) => {
      previews.push({ words: words.join(" "), ...input })
      return preview
    },
    change: (_: unknown, input: object, options: Parameters<NonNullable<Given["change"]>>[0]) => {
      asked.push(input)
      return change(options)
    },
  }
  return { reads, previews, asked, ...openConsole([codesScreen], deck as never, size, { keyMap }) }
}

test("the list shows what each code is worth, how far it is used, and what it is good for", async () => {
  const { see, body } = openCodes()
  await see("6 shown")
  expect(body().slice(1, 9)).toMatchInlineSnapshot(`
    [
      " / part of the code or of its batch, case-insensitive · type: state: batch: since:",
      " CODE                TYPE       VALUE  USES            STATE   EXPIRES    BATCH          CREATED ▼",
      "▌AAAA-BBBB-CCCC-2221 credit       500     0/1   ░░░░░░ active  2026-12-22 spring         2026-11-20",
      " AAAA-BBBB-CCCC-2222 credit       500     3/10  █▊░░░░ active  2026-12-22 spring         2026-11-20",
      " AAAA-BBBB-CCCC-2223 credit       500     1/1   ██████ used up 2026-12-22 spring         2026-11-20",
      " AAAA-BBBB-CCCC-2224 credit       500     0/1   ░░░░░░ expired 2026-11-21 spring         2026-11-20",
      " AAAA-BBBB-CCCC-2225 credit       500     0/1   ░░░░░░ off     2026-12-22 a batch with … 2026-11-20",
      " evil\\x1b[31m        feature    voice     0/1   ░░░░░░ active  -          -              2026-11-20",
    ]
  `)
})

test("at 80 and at 60 columns the code, its state and its batch stay in sight", async () => {
  const { see, body } = openCodes({ size: { columns: 80, rows: 24 } })
  await see("6 shown")
  expect(body()[2]).toMatchInlineSnapshot(`" CODE                TYPE       VALUE  USES            STATE   BATCH"`)
  const narrow = openCodes({ size: { columns: 60, rows: 15 } })
  await narrow.see("6 shown")
  expect(narrow.body()[2]).toMatchInlineSnapshot(`" CODE                TYPE       VALUE STATE   BATCH"`)
})

test("the list is held to a state, to a batch and to a type", async () => {
  const { reads, see, press } = openCodes()
  await see("6 shown")
  press("v")
  await see("/ state:active")
  await until(() => reads.some(read => "filter" in read && read.filter === "state:active"))
  press("+")
  await see("Only this", "type credit")
  press("enter", "+", "j", "enter")
  await see("batch spring", "type credit")
  await see("/ state:active batch:spring type:credit")
  await until(() => reads.some(read => "filter" in read && read.filter === "state:active batch:spring type:credit"))
  press("x")
  await see("in any state")
})

test("one code is shown with who redeemed it and when; Enter leads to them", async () => {
  const { see, body, press } = openCodes()
  await see("6 shown")
  press("enter")
  await see("Acme")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Redemption code  AAAA-BBBB-CCCC-2221  active                                        as of 14:02:30",
      "",
      "   type             credit                           value            500",
      "   uses             0/1  ░░░░░░░░░░░░░░░░░░░░        expires          2026-12-22 14:02:30  in 30d",
      " ▌ batch            spring",
      "   created by       alice  Alice Liddell  0a11ce00-0000-4000-8000-000000000001",
      "   created          2026-11-20 12:00:00  2d ago",
      "   id               0c0de000-0000-4000-8000-000000000001",
      "",
      " Redemptions, newest first (up to 200)",
      "   REDEEMED            USER                     ORGANIZATION",
      "   11-21 00:00  38h    bob                      Acme",
      "   2025-11-21  367d    0a11…                    0a11…",
      "",
      " Changes by operators to this code alone",
      "   nothing yet",
    ]
  `)
  press("j", "j", "enter")
  await see("User", "reading")
})

test("one code leads to the others of its batch", async () => {
  const { reads, see, press } = openCodes()
  await see("6 shown")
  press("enter")
  await see("Acme")
  press("enter")
  await see("batch spring", "6 shown")
  expect(reads.at(-1)).toMatchObject({ words: "codes list", filter: "batch:spring" })
})

test("a batch is switched off after its count was typed", async () => {
  const { previews, asked, see, press } = openCodes({
    preview: {
      title: "Deactivate batch spring",
      subject: ["4 codes of spring: 3 become inactive, 1 is already"],
      effects: ["they can no longer be redeemed; past redemptions stay"],
      needsConfirmation: true,
      typed: "3",
    },
    change: async () => ({ answer: null, steps: [{ what: "3 codes switched off" }] }),
  })
  await see("6 shown", "B batch off")
  press("B")
  await see("3 become inactive, 1 is already", "type 3 to confirm")
  expect(previews).toEqual([{ words: "codes update-batch", batch_id: "spring", is_active: false }])
  press("tab", "3", "tab", "tab", "enter")
  await see("3 codes switched off")
  expect(asked).toEqual([{ batch_id: "spring", is_active: false }])
  press("j", "j", "j", "j")
  await see("B batch on")
  press("j", "B")
  await see("it belongs to no batch")
})

describe("new codes", () => {
  /** The form filled in, and the dialog over it with its button chosen. */
  async function filledIn(given: Given = {}) {
    const opened = openCodes(given)
    await opened.see("6 shown")
    opened.press("C")
    await opened.see("New redemption codes")
    opened.press("40", "tab", "tab", "100", "tab", "tab", "30d")
    await opened.see("until 2026-12-22 14:02:3")
    opened.press("tab", "spring", "ctrl-s")
    await opened.see("together worth 4 000 credits", "on PROD-EU")
    opened.press("tab", "tab")
    await opened.see("[ Create ]")
    return opened
  }

  /** The codes made, on the screen. */
  async function made(given: Given = {}) {
    const opened = await filledIn(given)
    opened.press("enter")
    await opened.see("40 codes made")
    return opened
  }

  test("are asked for in a form, whose mistakes are told by the field", async () => {
    const { see, press, previews, lines } = openCodes()
    await see("6 shown")
    press("C")
    await see("New redemption codes")
    expect(lines().slice(0, 9)).toMatchInlineSnapshot(`
      [
        " New redemption codes   all or none",
        "",
        "▌ how many          1 to 100 000",
        "  type           credit  credit, feature, or another type the platform knows",
        "  value            of each: for credits a whole number",
        "  uses per code  1  by different users",
        "  expires          30d, 12h, 8w, or 2027-03-01T12:00:00Z; empty: never",
        "  batch            empty: a name is generated",
        "",
      ]
    `)
    press("0", "ctrl-s")
    await see("must be a whole number, 1 to 100000", "not created: how many must be")
    press("backspace", "40", "tab", "tab", "x", "ctrl-s")
    await see("must be a whole number above 0 for credits")
    press("backspace", "5", "tab", "tab", "2026-11-22", "ctrl-s")
    await see("must be a time with its zone")
    expect(previews).toEqual([])
  })

  test("that are a large grant are made once their sum was typed", async () => {
    const effects = ["40 codes, together worth 4 000 000 credits, without expiry"]
    const { asked, see, press } = openCodes({ preview: { ...PREVIEW, effects, typed: "4000000" } })
    await see("6 shown")
    press("C")
    await see("New redemption codes")
    press("40", "tab", "tab", "100000", "ctrl-s")
    await see("together worth 4 000 000 credits", "type 4000000")
    press("tab", "400000", "tab", "tab", "enter", "tab", "tab", "0", "tab", "tab")
    await see("4000000", "[ Create ]")
    expect(asked).toEqual([])
    press("enter")
    await see("40 codes made")
    expect(asked).toMatchObject([{ count: 40, value: "100000" }])
  })

  test("are left without asking when nothing was typed, else not", async () => {
    const { see, press, gone } = openCodes()
    await see("6 shown")
    press("C")
    await see("New redemption codes")
    press("esc")
    await gone("New redemption codes")
    press("C")
    await see("New redemption codes")
    press("4", "esc")
    await see("Leave without creating codes?")
    press("enter")
    await gone("Leave without creating codes?")
    await see("New redemption codes")
  })

  test("are made after what it comes to was read, with what was seen there", async () => {
    const { asked, see, lines } = await made()
    expect(asked).toEqual([
      {
        count: 40,
        type: "credit",
        value: "100",
        max_uses: 1,
        expires_at: expect.stringMatching(/^2026-12-22T14:02:3\dZ$/),
        batch_id: "spring",
      },
    ])
    await see("created 40 codes: ✓ 40 codes in batch spring")
    expect(lines().slice(0, 7)).toMatchInlineSnapshot(`
      [
        " 40 codes made   batch spring",
        " credit 1,"0", one use each, until 2026-12-22 14:02:30 UTC",
        " They are shown here once: save or copy them before you leave.",
        "",
        "   AAAA-BBBB-CCCC-2210",
        "   AAAA-BBBB-CCCC-2211",
        "   AAAA-BBBB-CCCC-2212",
      ]
    `)
  })

  test("are made while a bar tells how far it is, and are cancelled by Esc", async () => {
    const begun = later<void>()
    const { see, press, lines } = await filledIn({
      change: ({ signal, progress }) => {
        progress(10, 40)
        begun.resolve()
        return new Promise((_, reject) =>
          signal?.addEventListener("abort", () =>
            setImmediate(() => reject(new DeckError("cancelled", "cancelled: no codes were created"))),
          ),
        )
      },
    })
    press("enter")
    await begun.promise
    await see("██████░░░░░░░░░░░░░░░░░░  10 of 40", "Esc cancel")
    press("esc")
    await see("cancelled: no codes were created")
    expect(lines().join("\n")).not.toContain("10 of 40")
    press("esc")
    await see("New redemption codes")
  })

  test("that the platform has no type for are refused in the form", async () => {
    const { see } = await filledIn({
      change: () => Promise.reject(new DeckError("invalid", "this platform knows credit, feature", { field: "type" })),
    }).then(opened => {
      opened.press("enter")
      return opened
    })
    await see("not created: type this platform knows credit, feature")
  })

  test("are on the screen once: leaving asks, by whatever key, until they are copied", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true)
    try {
      const keyMap = new KeyMap({ label: "keys", value: { "everywhere.Codes": ["7", "p"] } })
      const { see, press, gone } = await made({ keyMap })
      for (const key of ["esc", "q", "7", "p", ":", "\x03"]) {
        press(key)
        await see("Leave without keeping the codes?", "[ Stay ]")
        press("enter")
        await gone("Leave without keeping the codes?")
      }
      press("y")
      await see("sent to the clipboard", "copied")
      const text = MADE.map(({ code }) => `${code}\n`).join("")
      expect(write).toHaveBeenCalledWith(expect.stringContaining(Buffer.from(text).toString("base64")))
      press("esc")
      await see("6 shown")
    } finally {
      write.mockRestore()
    }
  })

  test("are scrolled", async () => {
    const { see, press, gone } = await made()
    press("G")
    await see(MADE.at(-1)?.code as string, "40 codes made")
    await gone(MADE[0]?.code as string)
  })

  test("are saved as text, or as CSV where the name says so, and never over another file", async () => {
    const directory = temporaryDirectory()
    const { see, press, gone } = await made()
    const saveAs = async (name: string) => {
      press("ctrl-s")
      await see("Save the codes")
      press("\x15", join(directory, name))
      await see(name)
      press("enter")
    }
    press("ctrl-s")
    await see("~/codes-spring.txt", "text, a code a line")
    press("esc")
    await gone("Save the codes")
    await saveAs("a.txt")
    await see("a.txt: nobody else can read it")
    const path = join(directory, "a.txt")
    expect(readFileSync(path, "utf8")).toBe(MADE.map(({ code }) => `${code}\n`).join(""))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await saveAs("b.csv")
    await see("b.csv: nobody else can read it")
    const [head, first] = readFileSync(join(directory, "b.csv"), "utf8").split("\r\n")
    expect(head).toBe(
      "id,code,type,value,max_uses,use_count,expires_at,is_active,batch_id,created_by_user_id,created_at",
    )
    expect(first).toContain(`,${MADE[0]?.code},credit,"1,""0""",1,0,2026-12-22T14:02:30Z,true,spring,`)
    writeFileSync(join(directory, "c.txt"), "before")
    await saveAs("c.txt")
    await see("the file exists, choose another name", "The codes are still on the screen below.")
    expect(readFileSync(join(directory, "c.txt"), "utf8")).toBe("before")
    expect(readdirSync(directory).toSorted()).toEqual(["a.txt", "b.csv", "c.txt"])
    press("esc")
    await gone("Save the codes")
    await see(MADE[0]?.code as string)
    press("esc")
    await see("6 shown")
  })

  test("that cannot be saved are still there, and leaving still asks", async () => {
    const { see, press, gone } = await made()
    press("ctrl-s")
    await see("Save the codes")
    press("\x15", join(temporaryDirectory(), "none", "codes.txt"), "enter")
    await see("no such directory", "The codes are still on the screen below.")
    press("esc")
    await gone("Save the codes")
    await see(MADE[0]?.code as string, "They are shown here once")
    press("esc")
    await see("Leave without keeping the codes?")
  })
})
