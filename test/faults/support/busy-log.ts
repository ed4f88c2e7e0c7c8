import { type MortalRedis, startMortalRedis } from "../../support/mortal-redis.ts"
import { Terminal } from "../../support/terminal.ts"
import type { Platform } from "./platform.ts"
import { Follower, judgeConsole } from "./readers.ts"
import { Writer } from "./writer.ts"

/** Entries a second. */
export const RATE = 2_000
/** More than any scenario writes: nothing is trimmed. */
const KEEP = 1_000_000

/** A Redis with traffic, and the two that read it, both live. */
export interface BusyLog {
  readonly redis: MortalRedis
  readonly writer: Writer
  readonly follower: Follower
  readonly terminal: Terminal
  /** Ends the traffic and judges both readers: every entry once and in order. Answers how many were written. */
  end(): Promise<number>
}

export async function startBusyLog(platform: Platform): Promise<BusyLog> {
  const redis = await startMortalRedis()
  const environment = platform.environment(redis.port)
  const writer = new Writer(`${redis.url}/1`, platform.stream, KEEP)
  writer.rate = RATE
  await writer.more(RATE)
  const follower = new Follower(environment)
  const terminal = Terminal.opsdeck([], environment)
  await terminal.see("● live")
  await writer.more(RATE)
  return {
    ...{ redis, writer, follower, terminal },
    async end() {
      await writer.more(RATE)
      const written = await writer.end()
      await follower.accountsFor(written)
      await terminal.see("● live", `/n/${written - 1}`)
      await judgeConsole(terminal, written)
      return written
    },
  }
}
