import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { KeyMap } from "../../src/ui/keys/key-map.ts"
import { type CodesGiven, MADE, openCodes, PREVIEW } from "../support/codes-screen.ts"
import { later } from "../support/fake-changes.ts"
import { temporaryDirectory } from "../support/program.ts"

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

describe("new codes", () => {
  /** The form filled in, and the dialog over it with its button chosen. */
  async function filledIn(given: CodesGiven = {}) {
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
  async function made(given: CodesGiven = {}) {
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
