import { once } from "node:events"
import { setPriority } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { ownerOf, record } from "../../services/history/record.ts"
import { readRecordStatus } from "../../services/history/record-status.ts"
import { createTraffic } from "../traffic/traffic.ts"
import { makePast } from "./make-past.ts"
import { CAUGHT_UP, LIMITS, type RecorderOrders } from "./orders.ts"

/**
 * Process that makes the demo's past and then records its stream, until the process that started it ends or lets go. Its one
 * message is RecorderOrders.
 */

/** The platform and the console come first. */
const PRIORITY = 5
const LOOK_MS = 250
/** Another draw of the same clients: the live traffic has the first. */
const DRAW = 1

const ending = new AbortController()
const { signal } = ending
for (const end of ["disconnect", "SIGINT", "SIGTERM", "SIGHUP"]) process.on(end, () => ending.abort())
if (!process.connected) ending.abort()
setPriority(PRIORITY)

const [orders] = (await once(process, "message", { signal })) as [RecorderOrders]
const { directory, redisUrl, key, stream, members, seed, rate, story } = orders
const history = { directory, ...LIMITS }
const redis = { url: redisUrl }
const owner = ownerOf(redis, key)
await makePast(directory, { traffic: createTraffic(members, seed, story, DRAW), rate, seed, stream, owner }, signal)
void tellWhenCaughtUp()
await record(history, { redis, stream: key, retention: LIMITS, signal, say: () => {} })
process.exit()

/** Tells once what the recorder has read since its start is on the disk. */
async function tellWhenCaughtUp(): Promise<void> {
  while (!signal.aborted && !(await readRecordStatus(history, Date.now())).recording) await sleep(LOOK_MS)
  if (process.connected) process.send?.(CAUGHT_UP)
}
