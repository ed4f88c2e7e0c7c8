import { fork } from "node:child_process"
import { once } from "node:events"
import { type BenchPlatform, STREAM } from "./platform.ts"

/** How requests come. */
export interface Load {
  readonly perSecond: number
  readonly seconds: number
  /** How many the stream keeps, about. */
  readonly keep: number
}

/**
 * Writes numbered requests from a process of its own, to several streams in equal parts; answers when each number was sent, in ms since
 * the epoch.
 */
export async function written(
  { redisUrl }: BenchPlatform,
  { perSecond, seconds, keep }: Load,
  streams: readonly string[] = [STREAM],
): Promise<number[]> {
  const figures = [perSecond, seconds, keep].map(String)
  const writer = fork(new URL("writer.ts", import.meta.url), [redisUrl, streams.join(","), ...figures])
  const [sentAt] = await Promise.race([
    once(writer, "message"),
    once(writer, "exit").then(() => {
      throw new Error("the writer ended too early")
    }),
  ])
  return sentAt
}
