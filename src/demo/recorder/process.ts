import { once } from "node:events"
import { rename } from "node:fs/promises"
import { setPriority } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { ownerOf } from "../../services/history/record.ts"
import { recordEach } from "../../services/history/record-each.ts"
import { readRecordStatus } from "../../services/history/record-status.ts"
import { createTraffic } from "../traffic/traffic.ts"
import { makePast } from "./make-past.ts"
import { CAUGHT_UP, LIMITS, type RecorderOrders } from "./orders.ts"

/**
 * Process that makes the demo's past and then records its streams, until the process that started it ends or lets go. Its one
 * message is RecorderOrders.
 */

/** The platform and the console come first. */
const PRIORITY = 5
const LOOK_MS = 250

const ending = new AbortController()
const { signal } = ending
for (const end of ["disconnect", "SIGINT", "SIGTERM", "SIGHUP"]) process.on(end, () => ending.abort())
if (!process.connected) ending.abort()
setPriority(PRIORITY)

const [orders] = (await once(process, "message", { signal })) as [RecorderOrders]
const { directory, gateways, members, seed, rate, story } = orders
const history = { directory, ...LIMITS }
await makePasts()
void tellWhenCaughtUp()
await recordEach(
  history,
  gateways.map(({ name, redisUrl, key }) => {
    return { gateway: name, redis: { url: redisUrl }, stream: key, retention: LIMITS, signal, say: () => {} }
  }),
)
process.exit()

/** Makes the past of all gateways, which appears when it is whole. */
async function makePasts(): Promise<void> {
  const unfinished = `${directory}.new`
  for (const [index, { name, redisUrl, key, stream }] of gateways.entries()) {
    // Other draws of the same clients: the live traffic of the gateways has the first.
    const traffic = createTraffic(members, seed, story, gateways.length + index)
    const owner = ownerOf({ url: redisUrl }, key, name)
    const rates = { rate: rate / gateways.length, rateOfAll: rate }
    await makePast(unfinished, { traffic, ...rates, seed: seed + index, stream, owner }, signal)
  }
  await rename(unfinished, directory)
}

/** Tells once what the recorders have read since their start is on the disk. */
async function tellWhenCaughtUp(): Promise<void> {
  while (!signal.aborted && !(await readRecordStatus(history, Date.now(), gateways)).recording) await sleep(LOOK_MS)
  if (process.connected) process.send?.(CAUGHT_UP)
}
