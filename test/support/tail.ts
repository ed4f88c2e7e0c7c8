import { once } from "node:events"
import type { StreamEvent } from "../../src/adapters/redis/follow.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { LogReader } from "../../src/tail/past/log-reader.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import type { TailSource } from "../../src/tail/source.ts"
import { Tail } from "../../src/tail/tail.ts"
import { until } from "./waiting.ts"

export const ROWS = 50
export const entries = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => StreamEntry.from(`${from + i}-0`, [["path", `/n/${from + i}`]]))

/** What of a source reads the stream back from an id, newest first. */
export const readingBack = (
  readBack: (before: string, signal: AbortSignal) => AsyncGenerator<StreamEntry[]>,
): Pick<TailSource, "reader"> => ({ reader: new LogReader(readBack, undefined) })

/** A stream of which nothing is live yet, and 100 entries before that can be read back. */
export function sourceOf(...live: readonly Promise<StreamEvent>[]): TailSource {
  return {
    async *follow(signal) {
      yield { kind: "connected", after: "999-0", now: 1000 }
      for (const event of live) yield await event
      await once(signal, "abort")
    },
    ...readingBack(async function* () {
      yield entries(900, 1000).reverse()
    }),
  }
}

/** A tail, and the console's end of it. */
export function following(source: TailSource) {
  let latest: TailSnapshot | undefined
  const tail: Tail = new Tail(source, snapshot => {
    latest = snapshot
    setImmediate(() => tail.drawn())
  })
  const reading = tail.run()
  return {
    tail,
    sees: (condition: (snapshot: TailSnapshot) => boolean) =>
      until(() => latest !== undefined && condition(latest) && latest),
    end: () => {
      tail.stop()
      return reading
    },
  }
}

export const held = ({ start, end }: TailSnapshot) => end - start
