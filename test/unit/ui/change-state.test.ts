import { describe, expect, test } from "vitest"
import { z } from "zod"
import { DeckError } from "../../../src/domain/errors.ts"
import { fieldText } from "../../../src/ui/keys/text-field.ts"
import {
  asking,
  CANCEL,
  type ChangeAction,
  changeReducer,
  chosenOptions,
  filledIn,
  impossible,
  initialChange,
} from "../../../src/ui/kit/change/change-state.ts"

const input = z.object({
  id: z.string(),
  revoke_keys: z.boolean().optional(),
  reason: z.string().max(10, "must be at most 10 characters").optional(),
})
const begun = initialChange({ input, options: ["revoke_keys"] })
const reduced = (...actions: ChangeAction[]) => actions.reduce(changeReducer, begun)
const type = (text: string): ChangeAction => ({ type: "edit", change: () => fieldText(text) })
const known = { state: "known", seen: {} } as const

describe("what is filled in", () => {
  test("is the reason and the options that are set; nothing is sent for the rest", () => {
    expect(filledIn(begun)).toEqual({})
    const filled = reduced(type("abuse"), { type: "go", to: "revoke_keys" }, { type: "turn", by: 1 })
    expect(filledIn(filled)).toEqual({ reason: "abuse", revoke_keys: true })
    expect(chosenOptions(filled)).toEqual({ revoke_keys: true })
  })

  test("is said either way of an option that is set unless it is cleared", () => {
    const paused = z.object({ pause: z.boolean().default(true) })
    const set = initialChange({ input: paused, options: ["pause"] })
    expect(chosenOptions(set)).toEqual({ pause: true })
    const actions: ChangeAction[] = [
      { type: "go", to: "pause" },
      { type: "turn", by: 1 },
    ]
    expect(chosenOptions(actions.reduce(changeReducer, set))).toEqual({ pause: false })
  })

  test("of an option that is typed counts for the effects only where it is no mistake", () => {
    const timed = z.object({ minutes: z.coerce.number().max(240, "must be at most 240").default(15) })
    const set = initialChange({ input: timed, options: ["minutes"], values: { minutes: "15" } })
    expect(chosenOptions(set)).toEqual({ minutes: "15" })
    const wrong = [{ type: "go", to: "minutes" } as const, type("500")].reduce(changeReducer, set)
    expect(chosenOptions(wrong)).toEqual({})
    expect(impossible(wrong, known)).toMatch(/at most 240/)
  })

  test("stays when the change fails", () => {
    const error = new DeckError("unavailable", "PostgreSQL refused")
    const failed = reduced(type("abuse"), { type: "run" }, { type: "fail", error })
    expect(failed).toMatchObject({ running: false, failure: error })
    expect(filledIn(failed)).toEqual({ reason: "abuse" })
  })

  test("counts as touched once something was typed or turned, and not for moving about", () => {
    expect(reduced({ type: "go", to: "do" }).touched).toBe(false)
    expect(reduced(type("a")).touched).toBe(true)
  })
})

describe("it cannot be done", () => {
  test("before it is known what would happen, nor while that is read again", () => {
    expect(impossible(begun, { state: "reading" })).toBe("the preview is still being read")
    expect(impossible(begun, { state: "outdated", seen: {}, error: undefined })).toBeDefined()
    expect(impossible(begun, known)).toBeUndefined()
  })

  test("a second time while it is under way", () => {
    expect(impossible(reduced({ type: "run" }), known)).toBe("it is in progress")
  })

  test("with a field that is wrong", () => {
    expect(impossible(reduced(type("x".repeat(11))), known)).toBe("reason (optional): must be at most 10 characters")
  })

  test("until the text that confirms it is typed, letter for letter", () => {
    const seen = { state: "known", seen: { typed: "alice" } } as const
    const asked = changeReducer(asking(begun, "alice"), { type: "go", to: "confirm it" })
    expect(impossible(asked, seen)).toBe("type alice to confirm")
    expect(impossible(changeReducer(asked, type("Alice")), seen)).toBe("type alice to confirm")
    const confirmed = changeReducer(asked, type("alice"))
    expect(impossible(confirmed, seen)).toBeUndefined()
    expect(filledIn(confirmed)).toEqual({})
  })
})

test("the field that confirms it comes and goes with what has to be typed; the keyboard then goes to Cancel", () => {
  const asked = changeReducer(asking(begun, "a"), { type: "go", to: "confirm it" })
  expect(asking(asked, "a")).toBe(asked)
  expect(asking(asked, undefined).form).toMatchObject({ focus: CANCEL, fields: begun.form.fields })
})
