import { once } from "node:events"
import { test, vi } from "vitest"
import type { StreamEvent } from "../../../src/adapters/redis/follow.ts"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { Tail } from "../../../src/ui/live/tail.ts"
import type { TailSnapshot } from "../../../src/ui/live/tail-protocol.ts"

const ROWS = 50
const entries = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => StreamEntry.from(`${from + i}-0`, [["path", `/n/${from + i}`]]))

test("older entries fill the screen at first, and go when the live ones fill it", async () => {
  const live = Promise.withResolvers<StreamEvent>()
  const source = {
    async *follow(signal: AbortSignal): AsyncGenerator<StreamEvent> {
      yield { kind: "connected", after: "999-0", serverNow: 1000 }
      yield await live.promise
      await once(signal, "abort")
    },
    async *readBack() {
      yield entries(900, 1000).reverse()
    },
  }
  let latest: TailSnapshot | undefined
  const tail: Tail = new Tail(source, snapshot => {
    latest = snapshot
    setImmediate(() => tail.drawn())
  })
  const held = () => (latest ? latest.end - latest.start : 0)
  const reading = tail.run()
  await vi.waitUntil(() => held() === 100)
  live.resolve({ kind: "entries", entries: entries(1000, 1000 + ROWS) })
  await vi.waitUntil(() => held() === ROWS)
  tail.stop()
  await reading
})
