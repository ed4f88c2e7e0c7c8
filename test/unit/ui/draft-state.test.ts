import { describe, expect, test } from "vitest"
import { userUpdate } from "../../../src/domain/user-patch.ts"
import { fieldText } from "../../../src/ui/keys/text-field.ts"
import {
  type DraftAction,
  draftReducer,
  initialDraft,
  mistakesIn,
  patchOf,
} from "../../../src/ui/kit/form/draft-state.ts"

const seen = {
  username: "Alice",
  email: "alice@example.com",
  email_verified: true,
  locale: "xx_not_one",
  timezone: null,
}
const begun = initialDraft(userUpdate, ["username", "email", "email_verified", "locale", "timezone"], seen)
const reduced = (...actions: DraftAction[]) => actions.reduce(draftReducer, begun)
const typeIn = (field: string, text: string): DraftAction[] => [
  { type: "go", to: field },
  { type: "edit", change: () => fieldText(text) },
]

describe("what is saved", () => {
  test("is nothing at first, and again when the old value is typed back", () => {
    expect(patchOf(begun)).toEqual({})
    expect(patchOf(reduced(...typeIn("username", "Bob"), ...typeIn("username", "Alice")))).toEqual({})
  })

  test("is the changed fields alone; an emptied one is cleared", () => {
    const edited = reduced(...typeIn("email", ""), { type: "go", to: "email_verified" }, { type: "turn", by: 1 })
    expect(patchOf(edited)).toEqual({ email: "", email_verified: false })
  })

  test("may stand beside what was wrong before anybody touched it", () => {
    expect(mistakesIn(reduced(...typeIn("username", "Bob")))).toEqual(new Map())
    expect([...mistakesIn(reduced(...typeIn("locale", "still not"))).keys()]).toEqual(["locale"])
  })
})

describe("a conflict", () => {
  const conflicts = [
    { field: "username", was: "Alice", theirs: "Alicia", yours: "Bob" },
    { field: "email", was: "alice@example.com", theirs: null, yours: "bob@example.com" },
  ]
  const edited = [...typeIn("username", "Bob"), ...typeIn("email", "bob@example.com")]
  const resolve = (...taken: string[]): DraftAction => ({ type: "resolve", conflicts, taken: new Set(taken) })

  test("keeps yours unless theirs is taken; what they saved is what was seen from then on", () => {
    const resolved = reduced(...edited, resolve("email"))
    expect(patchOf(resolved)).toEqual({ username: "Bob" })
    expect(resolved.seen).toMatchObject({ username: "Alicia", email: null, timezone: null })
  })
})

test("a refused save keeps what was typed, and the reason", () => {
  const errors = new Map([["email", "taken by bob"]])
  const refused = reduced(...typeIn("email", "bob@example.com"), { type: "refused", errors, reason: "asked for it" })
  expect(patchOf(refused)).toEqual({ email: "bob@example.com" })
  expect(refused).toMatchObject({ reason: "asked for it", form: { focus: "email" } })
})
