import { setTimeout as delay } from "node:timers/promises"
import { onTestFinished } from "vitest"
import { type Gateway, numbered } from "../../support/access-log.ts"

/** Adds `each` entries `/n/<number>` to `stream` every 20 ms, until it is stopped, or the test ends. */
export function startTraffic(gateway: Gateway, stream: string, from: number, each = 4) {
  let going = true
  let next = from
  const writing = (async () => {
    for (; going; await delay(20)) {
      await gateway.add(stream, numbered(each, next), next)
      next += each
    }
  })()
  const stop = async () => {
    going = false
    await writing
    return next
  }
  onTestFinished(() => void stop())
  return { stop }
}
