import { describe, expect, test } from "vitest"
import { z } from "zod"
import { fieldText } from "../../../src/ui/keys/text-field.ts"
import { completionsOf, valueIn } from "../../../src/ui/kit/form/form-field.ts"
import {
  besideFocus,
  completions,
  type FormAction,
  type FormState,
  focusedField,
  formReducer,
  initialForm,
} from "../../../src/ui/kit/form/form-state.ts"

const ZONES = ["Asia/Shanghai", "Asia/Seoul", "Europe/London"].map(value => ({ value, label: `${value} time` }))
const schema = z.object({
  username: z.string().min(1, "must not be empty").optional().meta({ label: "name" }),
  verified: z.boolean().optional(),
  mode: z.enum(["direct", "proxy", "cdn"]).optional(),
  timezone: z
    .string()
    .optional()
    .meta({ complete: () => ZONES }),
})
const form = initialForm(schema, {
  values: { username: "Alice", verified: true, mode: null },
  buttons: ["cancel", "do"],
})

const reduced = (state: FormState, ...actions: FormAction[]) => actions.reduce(formReducer, state)
const type = (text: string): FormAction => ({ type: "edit", change: () => fieldText(text) })
const go = (to: string): FormAction => ({ type: "go", to })
const values = (state: FormState) => Object.fromEntries(state.fields.map(field => [field.name, valueIn(field)]))

describe("a form", () => {
  test("has a field of its kind for each of the schema, with the values as they are", () => {
    expect(form.fields.map(field => [field.kind, field.label])).toEqual([
      ["text", "name"],
      ["flag", "verified"],
      ["choice", "mode"],
      ["text", "timezone"],
    ])
    expect(values(form)).toEqual({ username: "Alice", verified: true, mode: "", timezone: "" })
  })

  test("goes round through its fields and buttons, in both directions", () => {
    expect(besideFocus(form, 1)).toBe("verified")
    expect(besideFocus(form, -1)).toBe("do")
    expect(besideFocus(reduced(form, go("do")), 1)).toBe("username")
  })

  test("passes boxes that cannot be set, but not one that has the keyboard, nor one that is set", () => {
    const idle = (value: boolean, focus: string): FormState => ({
      ...form,
      focus,
      fields: form.fields.map(field => (field.kind === "flag" ? { ...field, value, idle: "nothing" } : field)),
    })
    expect(besideFocus(idle(false, "username"), 1)).toBe("mode")
    expect(besideFocus(idle(false, "mode"), -1)).toBe("username")
    expect([besideFocus(idle(false, "verified"), 1), besideFocus(idle(false, "verified"), -1)]).toEqual([
      "mode",
      "username",
    ])
    expect(besideFocus(idle(true, "username"), 1)).toBe("verified")
  })

  test("checks a field while it is typed in, and not before", () => {
    expect(focusedField(form)?.error).toBeUndefined()
    expect(focusedField(reduced(form, type("")))?.error).toBe("must not be empty")
    expect(focusedField(reduced(form, type(""), type("Bob")))?.error).toBeUndefined()
  })

  test("turns the flag or the choice that has the keyboard, and no text", () => {
    const turn = (by: 1 | -1): FormAction => ({ type: "turn", by })
    expect(values(reduced(form, turn(1)))).toEqual(values(form))
    expect(values(reduced(form, go("verified"), turn(1)))).toMatchObject({ verified: false })
    expect(values(reduced(form, go("mode"), turn(1)))).toMatchObject({ mode: "direct" })
    expect(values(reduced(form, go("mode"), turn(1), turn(-1)))).toMatchObject({ mode: "cdn" })
  })

  test("goes to the first field that is refused", () => {
    const refused = reduced(form, { type: "refuse", errors: new Map([["mode", "must be set"]]) })
    expect(refused).toMatchObject({ focus: "mode" })
    expect(focusedField(refused)?.error).toBe("must be set")
  })
})

describe("completion", () => {
  test("finds values that begin so, then those that hold it, then labels; in any case", () => {
    expect(completionsOf("asia/s", ZONES).map(choice => choice.value)).toEqual(["Asia/Shanghai", "Asia/Seoul"])
    expect(completionsOf("LON", ZONES).map(choice => choice.value)).toEqual(["Europe/London"])
    expect(completionsOf("seoul t", ZONES).map(choice => choice.value)).toEqual(["Asia/Seoul"])
  })

  test("has nothing to offer for nothing, and for what is a choice already", () => {
    expect(completionsOf(" ", ZONES)).toEqual([])
    expect(completionsOf("Asia/Seoul", ZONES)).toEqual([])
  })

  test("is of the field that is typed in, so that passing through a field changes nothing", () => {
    const filled = reduced(form, { type: "set", name: "timezone", value: "Asia/S" }, go("timezone"))
    expect(completions(filled)).toEqual([])
    const typed = reduced(form, go("timezone"), type("Asia/S"))
    expect(completions(typed)).toHaveLength(2)
    expect(values(reduced(typed, { type: "complete", value: "Asia/Seoul" }))).toMatchObject({ timezone: "Asia/Seoul" })
  })
})

test("a secret is typed and never filled in: neither from a record nor from what somebody else saved", () => {
  const secret = z.object({ pass: z.string().optional().meta({ secret: true }) })
  const kept = initialForm(secret, { values: { pass: "*** 1a2b" } })
  expect(kept.fields.map(valueIn)).toEqual([""])
  const edited = reduced(kept, { type: "edit", change: () => fieldText("hunter22") })
  expect(edited.fields.map(valueIn)).toEqual(["hunter22"])
  expect(reduced(edited, { type: "set", name: "pass", value: "*** 99" }).fields.map(valueIn)).toEqual([""])
})
