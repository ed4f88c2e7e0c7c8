import { execFileSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { fieldsFor, inputFrom, optionsOf } from "../../src/cli/options.ts"
import { readCommandLine } from "../../src/config/read-command-line.ts"
import { PROGRAM_OPTIONS } from "../../src/config/settings.ts"
import { logQuery } from "../../src/domain/access-log-query.ts"
import { commandLine, quoted } from "../../src/domain/command-line.ts"
import { emailUpdate } from "../../src/domain/email.ts"
import { userFilter } from "../../src/domain/user.ts"

/** The words that a shell makes of each line. */
const shellWords = (...lines: string[]) =>
  execFileSync("bash", ["--norc", "-c", lines.map(line => `printf '%s\\0' ${line}; printf '\\0'`).join("\n")], {
    env: { LC_ALL: "C.UTF-8" },
  })
    .toString()
    .split("\0\0")
    .slice(0, -1)

const users = { words: ["users", "list"], input: userFilter }
const log = { words: ["log"], input: logQuery }

test("the command line says what is given, and the profile", () => {
  const given = { q: "alice", status: "active", limit: undefined }
  expect(commandLine({ ...users, given }, undefined)).toBe("opsdeck users list --q alice --status active")
  expect(commandLine({ ...users, given: {} }, "prod-eu")).toBe("opsdeck users list --profile prod-eu")
  expect(commandLine({ ...log, given: { filter: "status:5xx risk>=0.8" } }, undefined)).toBe(
    "opsdeck log 'status:5xx risk>=0.8'",
  )
})

test("what begins with a dash is not taken for an option", () => {
  expect(commandLine({ ...users, given: { q: "-x" } }, undefined)).toBe("opsdeck users list --q=-x")
  expect(commandLine({ ...log, given: { filter: "-path:/healthz" } }, "p")).toBe(
    "opsdeck log --profile p -- -path:/healthz",
  )
})

test("a secret is never part of it, nor what the command has no option for", () => {
  const given = { from: "a@b.c", smtp_pass: "hunter2", state: "active" }
  const asked = { words: ["email", "set"], input: emailUpdate, given }
  expect(commandLine(asked, undefined)).toBe("opsdeck email set --from a@b.c")
})

describe("what a shell makes of a quoted word", () => {
  const unit = fc.constantFrom(..."ab'\"\\$`!~*?[]{}()<>|&;# \n\t\x1b\x7f\u202eü1.-=")

  test("is the word, whatever stands in it", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit, minLength: 1 }), { minLength: 20, maxLength: 20 }), words => {
        expect(shellWords(...words.map(quoted))).toEqual(words)
      }),
      { numRuns: 20 },
    )
    expect(shellWords(quoted("x"), quoted(""))).toEqual(["x", ""])
  })

  test("is nothing that the terminal it is pasted into obeys", () => {
    fc.assert(fc.property(fc.string({ unit }), word => void expect(quoted(word)).not.toMatch(/[\p{Cc}\p{Cf}]/u)))
  })
})

test("the command reads back what was given", () => {
  const input = z.object({
    id: z.string().meta({ positional: true }),
    max_uses: z.coerce.number().optional(),
    is_active: z.boolean().optional().meta({ option: "active" }),
    trusted_cidrs: z.array(z.string()).optional(),
    q: z.string().optional(),
  })
  const fields = fieldsFor(input)
  const given = fc.record(
    {
      id: fc.string({ minLength: 1 }),
      max_uses: fc.integer(),
      is_active: fc.boolean(),
      trusted_cidrs: fc.array(fc.string({ minLength: 1 })),
      q: fc.string({ minLength: 1 }),
    },
    { requiredKeys: ["id"] },
  )
  fc.assert(
    fc.property(fc.array(given, { minLength: 10, maxLength: 10 }), all => {
      const lines = all.map(one => commandLine({ words: ["x"], input, given: one }, undefined))
      const words = shellWords(...lines.map(line => `${line} end`))
      for (const [i, text] of words.entries()) {
        const argv = text.split("\0").slice(2, -1)
        const line = readCommandLine(argv, { ...PROGRAM_OPTIONS, ...optionsOf(fields) })
        expect(inputFrom(line, fields)).toEqual(all[i])
      }
    }),
    { numRuns: 20 },
  )
})
