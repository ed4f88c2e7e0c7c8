import { describe, expect } from "vitest"
import { type Range, readBack } from "../../src/adapters/redis/read-back.ts"
import { add, idsInStream, KEY, type Lab, test } from "../support/redis.ts"

async function filled(lab: Lab, count: number) {
  const { server, redis } = await lab.redis()
  await add(redis, count)
  const [{ client: gateway }] = lab.open({ url: server.url }).gateways
  const read = async (range: Range, signal = new AbortController().signal) => {
    const steps: number[] = []
    const ids: string[] = []
    for await (const step of readBack(gateway, KEY, range, signal)) {
      steps.push(step.length)
      ids.push(...step.map(entry => entry.id))
    }
    return { steps, ids }
  }
  return { redis, read, newestFirst: (await idsInStream(redis)).reverse() }
}

describe.concurrent("reading back", () => {
  test("gives every entry once, newest first, in bounded steps", async ({ lab }) => {
    const { read, newestFirst } = await filled(lab, 3_456)
    const { steps, ids } = await read({})
    expect(ids).toEqual(newestFirst)
    expect(Math.max(...steps)).toBeLessThanOrEqual(1_000)
  })

  test("leaves out the entry it starts before, and goes down to the one asked for", async ({ lab }) => {
    const { read, newestFirst } = await filled(lab, 50)
    const [before, downTo] = [newestFirst[9] as string, newestFirst[20] as string]
    expect((await read({ before, downTo })).ids).toEqual(newestFirst.slice(10, 21))
    expect((await read({ upTo: before, downTo })).ids).toEqual(newestFirst.slice(9, 21))
    expect((await read({ before: newestFirst.at(-1) as string })).ids).toEqual([])
  })

  test("starts before the first entry of a millisecond at the last of the one before", async ({ lab }) => {
    const { redis, read } = await filled(lab, 0)
    for (const id of ["5-0", "5-18446744073709551614", "6-0", "6-1"]) await redis.xadd(KEY, id, "n", "1")
    expect((await read({ before: "6-0" })).ids).toHaveLength(2)
    expect((await read({ before: "6" })).ids).toHaveLength(2)
    expect((await read({ before: "0-0" })).ids).toEqual([])
  })

  test("takes few at a time of what is large", async ({ lab }) => {
    const { redis, read } = await filled(lab, 0)
    for (let n = 0; n < 250; n++) await redis.xadd(KEY, "*", "path", "x".repeat(200_000))
    const { steps, ids } = await read({})
    expect(ids).toHaveLength(250)
    expect(steps[1]).toBeLessThan(30)
  })

  test("of no stream is nothing; of another type, and after the signal, an error", async ({ lab }) => {
    const { redis, read } = await filled(lab, 0)
    expect((await read({})).ids).toEqual([])
    await expect(read({}, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" })
    await redis.set(KEY, "text")
    await expect(read({})).rejects.toMatchObject({ code: "unavailable" })
  })
})
