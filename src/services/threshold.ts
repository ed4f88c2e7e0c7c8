import { z } from "zod"
import { readBack } from "../adapters/redis/history.ts"
import { threshold } from "../domain/gateway.ts"
import { ThresholdCount, type ThresholdHits, thresholdHits } from "../domain/threshold-count.ts"
import { defineOperation, type OperationContext } from "./operation.ts"
import { lookupUsernames } from "./users/user-names.ts"

const MOST_ENTRIES = 200_000
/** What is typed waits for the answer. */
const PATIENCE_MS = 3_000
const NAMED = 20

/**
 * Whom a risk threshold would have hit, by the requests that the stream still holds, newest first, as far as can be
 * read in three seconds. Those that the gateway rejected are logged with risk 0: they are not counted. No command of
 * its own.
 */
export const simulateThreshold = defineOperation({
  words: ["gateway", "simulate"],
  summary: "whom a risk threshold would have hit",
  input: z.object({ threshold, limit: z.number().int().min(1).max(MOST_ENTRIES).default(MOST_ENTRIES) }),
  answer: thresholdHits,
  async run(context, { threshold, limit }): Promise<ThresholdHits> {
    const count = new ThresholdCount(threshold)
    const held = await readInto(count, context, limit)
    const hit = count.mostHit(NAMED)
    const names = await lookupUsernames(
      context.postgres,
      hit.map(([id]) => id),
      context.signal,
    )
    const { seen, since, rejected, addresses, signedIn } = count
    const users = hit.map(([id, requests]) => ({ id, username: names.get(id) ?? "", requests }))
    return { requests: Math.max(held, seen), seen, since, rejected, addresses, signed_in: signedIn, users }
  },
})

/** Counts the newest `limit` entries, or those that can be read in time; answers how many the stream holds. */
async function readInto(count: ThresholdCount, { redis, signal }: OperationContext, limit: number): Promise<number> {
  const { stream } = redis.options
  const deadline = performance.now() + PATIENCE_MS
  const held = await redis.gateway.run(client => client.xlen(stream), signal)
  for await (const step of readBack(redis.gateway, stream, {}, signal)) {
    for (const entry of step.slice(0, limit - count.seen)) count.add(entry)
    if (count.seen >= limit || performance.now() > deadline) break
  }
  return held
}
