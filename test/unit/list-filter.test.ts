import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { z } from "zod"
import { auditFilter } from "../../src/domain/audit-entry.ts"
import { completed, completionsOf } from "../../src/domain/filter-completion.ts"
import { type Term, termsToText } from "../../src/domain/filter-language.ts"
import { inviteCodeFilter } from "../../src/domain/invite-code.ts"
import { filterOfFields, heldValue, parseListFilter, readListFilter, withValue } from "../../src/domain/list-filter.ts"
import { termsOf } from "../../src/domain/list-terms.ts"
import { redemptionCodeFilter } from "../../src/domain/redemption-code.ts"
import { referralFilter } from "../../src/domain/referral.ts"
import { runFilter } from "../../src/domain/run.ts"
import { momentOf } from "../../src/domain/time-target.ts"
import { userFilter } from "../../src/domain/user.ts"

const LISTS: readonly z.ZodObject[] = [
  runFilter,
  userFilter,
  inviteCodeFilter,
  redemptionCodeFilter,
  referralFilter,
  auditFilter,
]
const ALICE = "0a11ce00-0000-4000-8000-000000000001"

/** What is asked for, as `field operator value,value`, with `-` before what is left out. */
const asked = (input: z.ZodObject, given: object) => {
  const { q, conditions } = readListFilter(input, { ...given })
  const told = conditions.map(
    ({ field, operator, values, negated }) => `${negated ? "-" : ""}${field}${operator}${values}`,
  )
  return q === undefined ? told : [...told, `q ${q}`]
}

describe("a filter of a list", () => {
  test("is what the fields of its input are, and more than one value of them", () => {
    expect(asked(runFilter, { filter: "status:failed,cancelled -model:claude since:1d user:alice" })).toEqual([
      "status:failed,cancelled",
      "user_id:alice",
      "-model:claude",
      "since:1d",
    ])
    expect(asked(runFilter, { status: "failed", model: "claude", since: "1d" })).toEqual(
      asked(runFilter, { filter: "status:failed model:claude since:1d" }),
    )
  })

  test("has the ids of its terms as they are stored", () => {
    expect(asked(runFilter, { filter: `org:${ALICE.toUpperCase()} user:${ALICE.toUpperCase()}` })).toEqual([
      `user_id:${ALICE}`,
      `org_id:${ALICE}`,
    ])
  })

  test("searches for the words without a name, as one text", () => {
    expect(asked(userFilter, { filter: 'alice status:suspended "von B"' })).toEqual([
      "status:suspended",
      "q alice von B",
    ])
    expect(asked(userFilter, { q: "alice", filter: "alice" })).toEqual(["q alice"])
  })

  test.each([
    [runFilter, "stauts:failed", 'no filter is called "stauts": did you mean status?', 0],
    [
      runFilter,
      "colour:red",
      'no filter is called "colour"; the terms are status, user, org, parent, model, error, cost, dur, tokens, since',
      0,
    ],
    [runFilter, "since:1d status:faild", "status: expected running, completed, failed", 16],
    [runFilter, "status:faild", "did you mean failed?", 7],
    [runFilter, "failed", "write status:failed", 0],
    [runFilter, "since>=1d", 'since: expected ":" or ">" or "<", as in since:1d', 5],
    [runFilter, "status>failed", 'status: expected ":"', 6],
    [runFilter, "cost:1", 'cost: expected ">" or ">=" or "<" or "<=", as in cost>1', 4],
    [runFilter, "cost>1.5e3", "cost: expected US dollars, such as 0.5", 5],
    [runFilter, "dur>60", "dur: expected a duration such as 500ms, 60s, 5m or 2h: write 60s or 60ms", 4],
    [runFilter, "dur>60x", "dur: expected a duration such as 500ms, 60s, 5m or 2h, as in dur>60s", 4],
    [runFilter, "tokens>1,2", "tokens takes one value", 8],
    [runFilter, "-cost>1", "cost cannot be excluded with -", 0],
    [runFilter, "org:acme", "org: expected the id of an organization", 4],
    [runFilter, "since:yesterday", "since: expected an age such as 90m, 12h, 30d or 2w", 6],
    [runFilter, "-since:1d", "since cannot be excluded with -", 0],
    [userFilter, "since:1d,2d", "since takes one value", 8],
    [userFilter, "-alice", "text cannot be excluded with -", 0],
    [userFilter, "stauts:active", "To search for such text, put it in quotes", 0],
    [redemptionCodeFilter, "state:used", "state: expected active, used up, expired, off", 6],
  ])("is refused where it is wrong, %#: %s", (input, filter, message, column) => {
    expect(() => readListFilter(input as z.ZodObject, { filter })).toThrow(
      expect.objectContaining({ code: "invalid", field: "filter", column, message: expect.stringContaining(message) }),
    )
  })

  test.each([
    [{ status: "failed", filter: "status:completed" }, "status is given twice, as failed and as completed"],
    [{ filter: "status:failed status:completed" }, "for either of them, write status:failed,completed"],
    [{ filter: "cost>1 cost>=2" }, "cost is given twice, as 1 and as 2"],
    [{ filter: "since:1d since<2d" }, "since is given twice, as 1d and as 2d"],
  ])("that contradicts itself, or the options, is refused: %o", (given, message) => {
    expect(() => readListFilter(runFilter, given)).toThrow(message)
  })

  test("compares amounts; the option says the least", () => {
    expect(asked(runFilter, { cost_min: "0.5", filter: "cost<2 dur>60s tokens<=50k" })).toEqual([
      "cost_min>=0.5",
      "cost_min<2",
      "duration_min>60s",
      "tokens_min<=50k",
    ])
    expect(filterOfFields(runFilter, { cost_min: "0.5", duration_min: "60s" })).toBe("cost>=0.5 dur>=60s")
    expect(runFilter.safeParse({ duration_min: "long" }).error?.issues[0]?.message).toBe(
      "must be a duration such as 500ms, 60s, 5m or 2h",
    )
    expect(runFilter.safeParse({ duration_min: "1.5" }).error?.issues[0]?.message).toBe(
      "must be a duration such as 500ms, 60s, 5m or 2h: write 1.5s or 1.5ms",
    )
  })

  test("may name both ends of a period, and the same thing twice", () => {
    expect(asked(runFilter, { filter: "since:30d since>1d status:failed", status: "failed" })).toHaveLength(4)
  })

  test("has an example in its help that is one, and so has each of its terms", () => {
    for (const input of LISTS) {
      const example = /'(.*)'/.exec(input.shape.filter?.meta()?.label ?? "")?.[1]
      expect(readListFilter(input, { filter: example }).conditions).not.toEqual([])
      for (const { key, example } of termsOf(input)) {
        expect(parseListFilter(input, example.replace("UUID", ALICE).replace(":ID", `:${ALICE}`))[0]?.key).toBe(key)
      }
    }
  })
})

describe("keys that change a filter", () => {
  test("hold it to one value of a field, and let all in again", () => {
    const held = withValue(runFilter, "since:1d -status:failed status:running,failed", "status", "completed")
    expect(held).toBe("since:1d status:completed")
    expect(heldValue(runFilter, held, "status")).toBe("completed")
    expect(heldValue(runFilter, "status:running,failed", "status")).toBeUndefined()
    expect(heldValue(runFilter, "-status:failed", "status")).toBeUndefined()
    expect(withValue(runFilter, held, "status", undefined)).toBe("since:1d")
  })

  test("write values that read back", () => {
    expect(filterOfFields(redemptionCodeFilter, { state: "used up", q: "a:b" })).toBe('state:"used up" "a:b"')
  })
})

describe("completion", () => {
  const complete = (typed: string, input: z.ZodObject = runFilter) =>
    completed(typed, completionsOf(typed, termsOf(input)))

  test("goes on as far as it is certain", () => {
    expect(complete("m")).toBe("model:")
    expect(complete("mo")).toBe("model:")
    expect(complete("c")).toBe("cost>")
    expect(complete("s")).toBe("s")
    expect(complete("", userFilter)).toBe("")
    expect(complete("since:1d st")).toBe("since:1d status:")
    expect(complete("status:f")).toBe("status:failed ")
    expect(complete("-status:ca")).toBe("-status:cancell")
    expect(complete("status:failed,i")).toBe("status:failed,interrupted ")
    expect(complete("state:u", redemptionCodeFilter)).toBe('state:"used up" ')
    expect(complete('state:"u', redemptionCodeFilter)).toBe('state:"used up" ')
    expect(complete("-si")).toBe("-si")
    expect(complete("user:al")).toBe("user:al")
  })
})

test("since: so long ago, a day, a time of day or a time; all UTC", () => {
  const now = Date.parse("2026-03-01T12:00:00Z")
  const at = (typed: string) => {
    const ms = momentOf(typed, now)
    return ms === undefined ? undefined : new Date(ms).toISOString()
  }
  expect(at("90m")).toBe("2026-03-01T10:30:00.000Z")
  expect(at("2w")).toBe("2026-02-15T12:00:00.000Z")
  expect(at("999999999w")).toBe("1970-01-01T00:00:00.000Z")
  expect(at("14:02")).toBe("2026-02-28T14:02:00.000Z")
  expect(at("2026-02-28")).toBe("2026-02-28T00:00:00.000Z")
  expect(at("today")).toBe("2026-03-01T00:00:00.000Z")
  expect(at("2026-02-28T10:00:00+02:00")).toBe("2026-02-28T08:00:00.000Z")
  for (const wrong of ["", "d", "1y", "-1d", "2026-02-30", "yesterday"]) expect(at(wrong)).toBeUndefined()
})

describe("whatever the list", () => {
  const word = fc.oneof(
    fc.constantFrom("a b", "a,b", '"', "\\", "-x", "x:1", "OR", "used up"),
    fc.string({ minLength: 1 }),
  )
  const termFor = (input: z.ZodObject) =>
    fc.constantFrom(...termsOf(input)).chain(({ key, operators, isPlain, takes, choices = [] }) =>
      fc.record({
        key: fc.constant(key),
        operator: fc.constantFrom(...operators),
        values: fc.array(
          fc
            .oneof(word, fc.constantFrom(ALICE, "1d", "2026-03-01", "60", ...choices))
            .filter(value => takes(value, ":")),
          { minLength: 1, maxLength: isPlain ? 1 : 3 },
        ),
        negated: isPlain ? fc.constant(false) : fc.boolean(),
      }),
    ) as fc.Arbitrary<Term>

  test.each(LISTS.map((input, index) => [index, input] as const))(
    "%i: a filter written down reads as itself",
    (_, input) => {
      fc.assert(
        fc.property(fc.array(termFor(input), { maxLength: 4 }), filter => {
          expect(parseListFilter(input, termsToText(filter))).toEqual(filter)
        }),
        { numRuns: 200 },
      )
    },
  )

  test("what is typed is a filter that reads back, or a mistake within the text, and can be completed", () => {
    const parts = fc.oneof(word, fc.constantFrom(" ", ":", "status", "since", "user:", "failed", ">", ",", "-", "1d"))
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), fc.array(parts), (input, typed) => {
        const text = typed.join("")
        const { from } = completionsOf(text, termsOf(input))
        expect(completed(text, completionsOf(text, termsOf(input))).startsWith(text.slice(0, from))).toBe(true)
        let read: Term[]
        try {
          read = parseListFilter(input, text)
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid", field: "filter" })
          expect((error as { column: number }).column).toBeLessThanOrEqual(text.length)
          return
        }
        expect(parseListFilter(input, termsToText(read))).toEqual(read)
      }),
      { numRuns: 1000 },
    )
  })
})
