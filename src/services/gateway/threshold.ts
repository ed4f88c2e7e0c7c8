import { z } from "zod"
import type { Gateway } from "../../adapters/redis/connections.ts"
import { readLogBack } from "../../adapters/redis/read-log-back.ts"
import { rfc3339 } from "../../domain/access-log.ts"
import { threshold } from "../../domain/gateway.ts"
import { parseStreamId } from "../../domain/stream-entry.ts"
import { ThresholdCount, type ThresholdHits, thresholdHits, thresholdTally } from "../../domain/threshold-count.ts"
import { type ByRisk, ladderAround, stepAt } from "../../domain/threshold-ladder.ts"
import { defineOperation, type OperationContext } from "../operation.ts"
import { answeringGateways } from "../recent-log.ts"
import { lookupUsernames } from "../users/user-names.ts"

const MOST_ENTRIES = 200_000
/** Time limit: the typed threshold waits for the answer. */
const TIME_LIMIT_MS = 3_000
/** Number of users who are named. */
export const NAMED = 20

/**
 * Counts the requests that a risk threshold would have rejected: of the newest requests, as `counted` by the caller,
 * and of older ones in the stream, newest first, as far as can be read in three seconds; also for other thresholds
 * around it. Requests that the gateway rejected are logged with risk 0 and not counted. No command of its own.
 */
export const simulateThreshold = defineOperation({
  words: ["gateway", "simulate"],
  summary: "requests that a risk threshold would have rejected",
  input: z.object({
    threshold,
    counted: thresholdTally.optional(),
    limit: z.number().int().min(1).max(MOST_ENTRIES).default(MOST_ENTRIES),
  }),
  answer: thresholdHits,
  async run(context, { threshold, counted, limit }): Promise<ThresholdHits> {
    const count = new ThresholdCount(threshold, counted)
    const answering = await answeringGateways(context)
    const requests = await readInto(count, answering, context, limit)
    const unread = context.redis.gateways.filter(one => !answering.includes(one)).map(({ name }) => name)
    const { seen, oldest, addresses, ...byRisk } = count.tally
    const all = { ...byRisk, addresses: addresses.size, users: count.mostHit(NAMED) }
    const hits = await hitsOf(threshold, all, context)
    return { requests, seen, since: timeOf(oldest.values()), ...hits, ...(unread.length > 0 && { unread }) }
  },
})

/** Requests by risk; the number of addresses, and the users hit most often with their requests, of those at the threshold or above. */
interface Counted extends ByRisk {
  readonly addresses: number
  readonly users: readonly (readonly [id: string, requests: number])[]
}

/** Returns whom the threshold (0 to 1) would have hit, with the users' names. Throws DeckError. */
export async function hitsOf(
  threshold: number,
  counted: Counted,
  context: OperationContext,
): Promise<Omit<ThresholdHits, "requests" | "seen" | "since">> {
  const names = await lookupUsernames(
    context,
    counted.users.map(([id]) => id),
  )
  const { rejected, signed_in } = stepAt(threshold, counted)
  return {
    rejected,
    addresses: counted.addresses,
    signed_in,
    users: counted.users.map(([id, requests]) => ({ id, username: names.get(id) ?? "", requests })),
    ladder: ladderAround(threshold, counted),
  }
}

/**
 * Continues the count in the stream, for `limit` entries at most, or until the time limit; returns the number of
 * requests held. At the end of the stream that is the number counted: the stream may have been trimmed meanwhile.
 */
async function readInto(
  count: ThresholdCount,
  gateways: readonly Gateway[],
  { signal }: OperationContext,
  limit: number,
): Promise<number> {
  const { tally } = count
  const deadline = performance.now() + TIME_LIMIT_MS
  const most = tally.seen + limit
  const lengths = await Promise.all(gateways.map(({ client, stream }) => client.run(one => one.xlen(stream), signal)))
  const length = lengths.reduce((sum, one) => sum + one, 0)
  for await (const step of readLogBack(gateways, { before: tally.oldest }, signal)) {
    for (const entry of step) {
      // There are older entries than all that were counted, so at least that many are held.
      if (tally.seen >= most || performance.now() > deadline) return Math.max(length, tally.seen + 1)
      count.add(entry)
    }
  }
  return tally.seen
}

/** When the oldest of entries was added; null where there is none. */
const timeOf = (ids: Iterable<string>) => rfc3339(Math.min(...[...ids].map(id => parseStreamId(id)[0]))) || null
