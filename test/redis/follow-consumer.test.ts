import { spawn } from "node:child_process"
import { once } from "node:events"
import { describe, expect } from "vitest"
import { followStream, type StreamEvent } from "../../src/adapters/redis/follow.ts"
import type { StreamEntry } from "../../src/domain/stream-entry.ts"
import { add, KEY, test } from "../support/redis.ts"
import { until } from "../support/waiting.ts"

/** A reader that is moved on by hand. */
function byHand(url: string) {
  const stopping = new AbortController()
  const events = followStream({ url }, KEY, { from: "0-0" }, stopping.signal)
  /** The next event of this kind; those before it are passed over. */
  const next = async <Kind extends StreamEvent["kind"]>(kind: Kind) => {
    for (;;) {
      const { value, done } = await events.next()
      if (done) throw new Error(`it ended before ${kind}`)
      if (value.kind === kind) return value as Extract<StreamEvent, { kind: Kind }>
    }
  }
  return { stopping, events, next }
}

/** Reads on until `enough` entries are had; returns what was told. */
async function readOn(next: AsyncGenerator<StreamEvent>, enough: number) {
  const entries: StreamEntry[] = []
  const others: StreamEvent[] = []
  while (entries.length < enough) {
    const { value } = await next.next()
    if (value.kind === "entries") entries.push(...value.entries)
    else others.push(value)
  }
  return { entries, others }
}

describe("a consumer that stops asking", () => {
  test("costs no memory, and misses nothing that is still there", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    const megabyte = Buffer.alloc(1 << 20, "x")
    for (let n = 0; n < 150; n++) await redis.xadd(KEY, "*", "n", String(n), "path", megabyte)
    const { stopping, events, next } = byHand(server.url)
    const first = await next("entries")
    const before = process.memoryUsage()
    const waiting = performance.now()
    await until(() => performance.now() - waiting > 2_000)
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8 << 20)
    const seen = first.entries.map(entry => entry.get("n"))
    while (seen.length < 150) for (const entry of (await next("entries")).entries) seen.push(entry.get("n"))
    expect(seen).toEqual(Array.from({ length: 150 }, (_, n) => String(n)))
    stopping.abort()
    await events.return(undefined)
  })

  test("is told exactly what was trimmed meanwhile", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 100)
    const { stopping, events, next } = byHand(server.url)
    const first = await next("entries")
    await add(redis, 5_000, 100)
    await redis.xtrim(KEY, "MAXLEN", 1_000)
    const { entries, others } = await readOn(events, 1_000 + 100 - first.entries.length)
    const from = first.entries.at(-1)?.id
    const to = entries[100 - first.entries.length]?.id
    expect(others).toEqual([{ kind: "gap", lost: 4_000, from, to, exact: true }])
    expect(entries.at(-1)?.get("n")).toBe("5099")
    stopping.abort()
  })

  test("gets again what it had not asked to be over with when the connection was lost", async ({ lab }) => {
    const { server, redis } = await lab.redis()
    await add(redis, 10)
    const { stopping, events, next } = byHand(server.url)
    await next("entries")
    await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await add(redis, 10, 10)
    const { entries } = await readOn(events, 10)
    expect(entries.map(entry => Number(entry.get("n")))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    stopping.abort()
  })
})

describe("an end", () => {
  test.for(["idle", "entries"] as const)("by the signal closes the connection at once (%s)", async (kind, { lab }) => {
    const { server, redis } = await lab.redis()
    const proxy = await lab.proxy(server)
    await add(redis, 10)
    const { stopping, events, next } = byHand(proxy.url)
    await next(kind)
    expect(proxy.open).toBe(1)
    const asked = kind === "idle" ? events.next() : undefined
    stopping.abort()
    const from = performance.now()
    await until(() => proxy.open === 0)
    expect(await (asked ?? events.next())).toEqual({ value: undefined, done: true })
    expect(performance.now() - from).toBeLessThan(500)
  })

  test("by the consumer leaving closes the connection, too", async ({ lab }) => {
    const { server } = await lab.redis()
    const proxy = await lab.proxy(server)
    for await (const event of followStream({ url: proxy.url }, KEY, "end", new AbortController().signal)) {
      if (event.kind === "connected") break
    }
    await until(() => proxy.open === 0)
  })

  test("while nobody answers is prompt, and leaves no listener behind", async ({ lab }) => {
    const { server } = await lab.redis()
    const proxy = await lab.proxy(server)
    proxy.swallow()
    const { stopping, events } = byHand(proxy.url)
    const first = events.next()
    await until(() => proxy.open === 1)
    stopping.abort()
    const from = performance.now()
    expect((await first).done).toBe(true)
    expect(performance.now() - from).toBeLessThan(500)
    proxy.restore()
    await until(() => proxy.open === 0)
  })

  test("leaves nothing behind that would keep the process", async ({ lab }) => {
    const { server } = await lab.redis()
    const follow = new URL("../../src/adapters/redis/follow.ts", import.meta.url)
    const program = `
      import { followStream } from ${JSON.stringify(follow.href)}
      const stopping = new AbortController()
      for await (const event of followStream({ url: "${server.url}" }, "${KEY}", "end", stopping.signal)) {
        if (event.kind === "disconnected") console.log("ended", event.attempt)
        if (event.kind === "idle") stopping.abort()
        if (event.kind === "connected") console.log("connected")
      }
      console.log("left after", performance.now())
      process.on("exit", () => console.log("exit after", performance.now()))`
    const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    let said = ""
    child.stdout.setEncoding("utf8").on("data", text => {
      said += text
    })
    await until(() => said.includes("connected"))
    await lab.client(server.url).call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    const [status] = await once(child, "close")
    expect(status).toBe(0)
    const [left, exit] = [...said.matchAll(/after ([\d.]+)/g)].map(match => Number(match[1])) as [number, number]
    expect(exit - left).toBeLessThan(500)
    expect(said).toContain("ended 1")
  })

  test("before the start is an end", async ({ lab }) => {
    const { server } = await lab.redis()
    expect((await followStream({ url: server.url }, KEY, "end", AbortSignal.abort()).next()).done).toBe(true)
  })
})

test("whatever strangers send arrives as it was sent", async ({ lab }) => {
  const { server, redis } = await lab.redis()
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x2a, 0x31, 0x0d, 0x0a, 0x24])
  const long = "长".repeat(400_000)
  const many = Array.from({ length: 1_000 }, (_, i) => [`name ${i}`, `value ${i}`])
  await redis.xadd(KEY, "1-1", "path", bytes, "", "")
  await redis.xadd(KEY, "1-2", "path", long, long, "x")
  await redis.xadd(KEY, "1-3", ...many.flat())
  await redis.xadd(KEY, "1-4", "path", "first", "path", "second", "path", "")
  const { stopping, events } = byHand(server.url)
  const { entries } = await readOn(events, 4)
  const [binary, huge, wide, double] = entries
  expect(binary?.pairs()).toEqual([
    ["path", bytes.toString("utf8")],
    ["", ""],
  ])
  expect(huge?.get("path")).toBe(long)
  expect(huge?.pairs()[1]?.[0]).toBe(long)
  expect(wide?.pairs()).toEqual(many)
  expect(double?.pairs().map(([, value]) => value)).toEqual(["first", "second", ""])
  stopping.abort()
})
