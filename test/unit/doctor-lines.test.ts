import { expect, test } from "vitest"
import type { Check } from "../../src/domain/check.ts"
import { checkLines } from "../../src/services/doctor/lines.ts"

const CHECKS: readonly Check[] = [
  { area: "postgres", name: "connection", state: "ok", says: "db:5432 answers in 1.2 ms", remedy: [] },
  {
    area: "postgres",
    name: "row security",
    state: "warning",
    says: "may hide rows of users from this role: lists and counts leave them out",
    remedy: ["have the owner of the tables give this role a policy: CREATE POLICY opsdeck ON users USING (true)"],
  },
  { area: "redis_api", name: "connection", state: "failure", says: "out of reach", remedy: [] },
  { area: "redis_api", name: "rights", state: "skipped", says: "not checked", remedy: [] },
]

test("a line a check, as wide as it is where the output is no terminal, and what is wrong at the end", () => {
  expect(checkLines(CHECKS).join("\n")).toMatchInlineSnapshot(`
    "PostgreSQL
      ok       connection    db:5432 answers in 1.2 ms
      warning  row security  may hide rows of users from this role: lists and counts leave them out
               -> have the owner of the tables give this role a policy: CREATE POLICY opsdeck ON users USING (true)

    The API's Redis
      FAILURE  connection    out of reach
      -        rights        not checked

    1 failure: The API's Redis connection
    1 warning: PostgreSQL row security"
  `)
})

test("what is said is wrapped in its column, a remedy is not", () => {
  expect(checkLines(CHECKS, 60).join("\n")).toMatchInlineSnapshot(`
    "PostgreSQL
      ok       connection    db:5432 answers in 1.2 ms
      warning  row security  may hide rows of users from this
                             role: lists and counts leave them
                             out
               -> have the owner of the tables give this role a policy: CREATE POLICY opsdeck ON users USING (true)

    The API's Redis
      FAILURE  connection    out of reach
      -        rights        not checked

    1 failure: The API's Redis connection
    1 warning: PostgreSQL row security"
  `)
})

test("nothing is added where nothing is wrong", () => {
  expect(checkLines(CHECKS.slice(0, 1))).toEqual(["PostgreSQL", "  ok       connection  db:5432 answers in 1.2 ms"])
})
