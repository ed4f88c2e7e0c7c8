import { serverTime } from "../../adapters/redis/databases.ts"
import { streamInfoOf } from "../../adapters/redis/stream-info.ts"
import { ok, warning } from "../../domain/check.ts"
import { AHEAD_MS, aheadText } from "../../domain/stream-clock.ts"
import { parseStreamId } from "../../domain/stream-entry.ts"
import type { Check } from "./check.ts"
import { operatorCheck } from "./operator-check.ts"
import { gatewayRedis } from "./redis-checks.ts"

/** Whether ids of the access log are ahead of Redis's clock, as after an entry from the future. */
export const logClock: Check = {
  area: "platform",
  name: "log's clock",
  after: [operatorCheck, gatewayRedis.connection],
  async look({ redis, signal }) {
    // The clock is read last: what is added between the two is not ahead.
    const { lastId } = await streamInfoOf(redis.gateways[0].client, redis.gateways[0].stream, signal)
    const ahead = parseStreamId(lastId)[0] - (await serverTime(redis.gateways[0].client, signal))
    if (ahead <= AHEAD_MS) return ok("no id is ahead of Redis's clock")
    return warning(
      aheadText(ahead),
      "look for a gateway or a restored stream with a wrong clock, and whether Redis's own was set back; it passes by itself",
    )
  },
}
