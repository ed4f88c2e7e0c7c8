import { expect, onTestFinished, test } from "vitest"
import { type FindNames, NameCache } from "../../../src/ui/runtime/names.ts"
import { until } from "../../support/waiting.ts"

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `id-${from + i}`)

/** A cache over `find`, and every batch of ids that it asked for. */
function openCache(find: FindNames) {
  const batches: (readonly string[])[] = []
  const cache = new NameCache(ids => {
    batches.push(ids)
    return find(ids)
  })
  onTestFinished(() => cache.close())
  return { cache, batches, asked: (count: number) => until(() => batches.length === count) }
}

test("ids in sight are asked for once, in one batch, those that nobody has included", async () => {
  const { cache, batches, asked } = openCache(async () => new Map([["id-1", "Alice"]]))
  cache.request(["id-1", "", "id-2"])
  cache.request(["id-2", "id-3"])
  await asked(1)
  await until(() => cache.states.snapshot.byId.get("id-1") === "Alice")
  cache.request(["id-1", "id-2", "id-4"])
  await asked(2)
  expect(batches).toEqual([["id-1", "id-2", "id-3"], ["id-4"]])
})

test("ids that nobody has are forgotten in the end as names are: neither grows without bound", async () => {
  const { cache, batches, asked } = openCache(async () => new Map())
  cache.request(range(0, 5000))
  await asked(1)
  cache.request(range(5000, 6000))
  await asked(2)
  cache.request([...range(0, 1), ...range(5999, 6000)])
  await asked(3)
  expect(batches[2]).toEqual(["id-0"])
})
