import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { declaredOf, fieldsOf, isOptional, listedRow } from "../../src/domain/schema.ts"
import { commandOperations } from "../../src/services/index.ts"
import type { Operation } from "../../src/services/operation.ts"
import { root } from "../support/program.ts"

const golden = (name: string) => JSON.parse(readFileSync(join(root, `test/cli/golden/${name}.json`), "utf8"))

test.each([
  "users-list",
  "runs-list",
  "invites-list",
  "referrals-list",
  "codes-list",
  "audit-list",
  "log",
  "users-show",
  "runs-show",
  "invites-show",
  "email-config",
])("a record that is taken along has the fields that %s --json prints, in their order", async name => {
  const loaded = await commandOperations(name.split("-")[0])
  const operation = loaded.find(one => one.words.join("-") === name) as Operation
  const answer = golden(name)
  const record = answer.data?.[0] ?? answer
  const schema = listedRow(operation.answer) ?? operation.answer
  const fields = Object.entries(fieldsOf(schema)).filter(([name, field]) => name in record || !isOptional(field))
  expect(fields.map(([name]) => name)).toEqual(Object.keys(record))
  expect(JSON.stringify(declaredOf(schema, { ...record, other: 1 }))).toBe(JSON.stringify(record))
})
