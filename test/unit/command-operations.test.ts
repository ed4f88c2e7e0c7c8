import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { commandOperations } from "../../src/services/index.ts"
import { type AnyOperation, commandOf, defineOperation, type OperationContext } from "../../src/services/operation.ts"
import { root } from "../support/program.ts"

const SERVICES = join(root, "src/services")

const sayingWords = (operations: readonly AnyOperation[]) => operations.map(({ words }) => words.join(" "))

test("every module that declares commands is found by their first word", async () => {
  const paths = readdirSync(SERVICES, { recursive: true, encoding: "utf8" }).filter(path => path.endsWith(".ts"))
  const modules = await Promise.all(paths.map(path => import(join(SERVICES, path))))
  const declared: AnyOperation[] = modules.flatMap(({ commands = [] }) => commands)
  expect(sayingWords(declared)).toContain("users list")
  for (const [first, operations] of Map.groupBy(declared, ({ words }) => words[0])) {
    expect(sayingWords(await commandOperations(first)).sort()).toEqual(sayingWords(operations).sort())
  }
  expect(sayingWords(await commandOperations()).sort()).toEqual(sayingWords(declared).sort())
})

test("a word that begins no command has none", async () => {
  expect(await commandOperations("usrs")).toEqual([])
})

describe("the command of an operation that tells the console more", () => {
  const whole = z.object({ q: z.string().optional(), state: z.string().optional() })
  const told = {
    data: [{ login: "alice", seen: "today", id: "1", orgs: [{ name: "acme", status: "active" }] }],
    more: 1,
  }
  const org = z.object({ name: z.string(), status: z.string() })
  const person = z.object({ id: z.string(), login: z.string(), orgs: z.array(org), seen: z.string() })
  const contract = {
    input: whole.omit({ state: true }),
    answer: z.object({
      data: z.array(person.omit({ seen: true }).extend({ orgs: z.array(org.omit({ status: true })) })),
    }),
  }
  const declaration = {
    words: ["people", "list"],
    summary: "",
    input: whole,
    answer: z.object({ data: z.array(person), more: z.number() }),
    run: async () => told,
  }

  test("takes and answers what the contract declares, in its order", async () => {
    const command = commandOf(defineOperation({ ...declaration, contract }))
    expect(Object.keys(command.input.shape)).toEqual(["q"])
    const answer = await command.run({} as OperationContext, {})
    expect(JSON.stringify(answer)).toBe('{"data":[{"id":"1","login":"alice","orgs":[{"name":"acme"}]}]}')
  })

  test("reads no more than that, where the operation says how", async () => {
    const refuse = () => Promise.reject(new Error("that reads more"))
    const run = async () => ({ data: [] })
    const command = commandOf(defineOperation({ ...declaration, run: refuse, contract: { ...contract, run } }))
    expect(await command.run({} as OperationContext, {})).toEqual({ data: [] })
  })
})
