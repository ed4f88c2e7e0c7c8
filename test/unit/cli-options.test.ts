import { describe, expect, it } from "vitest"
import { z } from "zod"
import { fieldsFor, inputFrom, optionsOf } from "../../src/cli/options.ts"
import { readCommandLine } from "../../src/config/read-command-line.ts"
import { Decimal } from "../../src/domain/decimal.ts"
import { toJson } from "../../src/domain/json.ts"

const input = z.object({
  id: z.guid().meta({ positional: true, label: "which one" }),
  max_uses: z.coerce.number().int().default(1).meta({ label: "how often" }),
  is_open: z.boolean().optional(),
  trusted_cidrs: z.array(z.string()).optional().meta({ label: "a block", placeholder: "CIDR" }),
  mode: z.enum(["direct", "proxy"]).optional().meta({ label: "how" }),
})
const fields = fieldsFor(input)
const read = (...argv: string[]) => inputFrom(readCommandLine(argv, optionsOf(fields)), fields)

describe("options from an input schema", () => {
  it("are its fields in kebab case, of the kind that their type asks for", () => {
    expect(optionsOf(fields)).toEqual({
      "max-uses": { kind: "text", summary: "how often", placeholder: "N" },
      "is-open": { kind: "flag", summary: "", negatable: true },
      "trusted-cidr": { kind: "list", summary: "a block", placeholder: "CIDR" },
      "no-trusted-cidrs": { kind: "flag", summary: "an empty list instead of --trusted-cidr" },
      mode: { kind: "text", summary: "how", placeholder: "direct|proxy" },
    })
  })

  it("give the input back, without what was not said", () => {
    expect(read("x1")).toEqual({ id: "x1" })
    expect(read("x1", "--max-uses", "3", "--no-is-open", "--trusted-cidr", "a", "--trusted-cidr=b")).toEqual({
      id: "x1",
      max_uses: 3,
      is_open: false,
      trusted_cidrs: ["a", "b"],
    })
  })

  it("give a list one by one, or none of it", () => {
    expect(read("x1", "--no-trusted-cidrs").trusted_cidrs).toEqual([])
    expect(() => read("x1", "--no-trusted-cidrs", "--trusted-cidr", "a")).toThrow(/mutually exclusive/)
  })

  it("are called as the schema says, where it says so", () => {
    const active = fieldsFor(z.object({ is_active: z.boolean().optional().meta({ option: "active" }) }))
    const given = (...argv: string[]) => inputFrom(readCommandLine(argv, optionsOf(active)), active)
    expect([given("--active"), given("--no-active"), given()]).toEqual([{ is_active: true }, { is_active: false }, {}])
  })

  it("are none for a secret, which comes from its variable unless that is empty", () => {
    const secret = fieldsFor(z.object({ pass: z.string().optional().meta({ secret: true, variable: "TEST_PASS" }) }))
    expect(optionsOf(secret)).toEqual({})
    const given = (env: Record<string, string>) => inputFrom(readCommandLine([], {}), secret, env)
    expect([given({ TEST_PASS: "x" }), given({ TEST_PASS: "" }), given({})]).toEqual([{ pass: "x" }, {}, {}])
  })

  it("name what is missing, what is too much, and the nearest choice", () => {
    expect(() => read()).toThrow("ID is missing")
    expect(() => read("x1", "x2")).toThrow("unexpected argument x2")
    expect(() => read("x1", "--mode", "prxy")).toThrow("--mode: must be one of direct, proxy; did you mean proxy?")
  })

  it.each(["", " 5", "0x10", "0b1", "Infinity"])("take %j for no number", text => {
    expect(input.safeParse({ ...read("x1", "--max-uses", text), id: crypto.randomUUID() }).success).toBe(false)
  })
})

describe("JSON for scripts", () => {
  it("keeps all digits of a bigint", () => {
    expect(toJson({ total: 12_345_678_901_234_567_890n })).toBe('{"total":12345678901234567890}')
    expect(toJson([new Decimal("12345678901234567.00000001")])).toBe("[12345678901234567.00000001]")
  })

  it("says null for what is no number in JSON", () => {
    expect(toJson(["NaN", "Infinity", "-Infinity"].map(text => new Decimal(text)))).toBe("[null,null,null]")
  })

  it("escapes what cannot be seen, and reads back as it was", () => {
    const text = "a\u007f\u009b\u202e\u2028\u200d\u{e0041}\n王"
    expect(toJson(text)).toBe(String.raw`"a\u007f\u009b\u202e\u2028\u200d\udb40\udc41\n王"`)
    expect(JSON.parse(toJson(text))).toBe(text)
  })
})
