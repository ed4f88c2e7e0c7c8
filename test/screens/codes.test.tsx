import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { clockAt } from "../support/clock.ts"
import { openCodes } from "../support/codes-screen.ts"
import { until } from "../support/waiting.ts"

clockAt("2026-11-22T14:02:31Z")

// Times of this year are shown without it.
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-22T14:02:30Z"), toFake: ["Date"] }))
afterEach(() => void vi.useRealTimers())

test("the list shows what each code is worth, how far it is used, and what it is good for", async () => {
  const { see, body } = openCodes()
  await see("6 shown")
  expect(body().slice(1, 9)).toMatchInlineSnapshot(`
    [
      " / type: state: batch: since: · part of the code or of its batch; case-insensitive",
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
