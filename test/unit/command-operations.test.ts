import { readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { commandOperations } from "../../src/services/index.ts"
import type { AnyOperation } from "../../src/services/operation.ts"
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
