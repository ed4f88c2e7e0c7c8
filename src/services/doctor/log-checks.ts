import type { Gateway } from "../../adapters/redis/connections.ts"
import { serverTime } from "../../adapters/redis/databases.ts"
import { streamInfoOf } from "../../adapters/redis/stream-info.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { spanOf } from "../../domain/span.ts"
import { AHEAD_MS, aheadText } from "../../domain/stream-clock.ts"
import { parseStreamId } from "../../domain/stream-entry.ts"
import { ofGateways } from "../gateway-names.ts"
import { isSamePlace, nameOf, placeOf } from "../log-place.ts"
import type { ExaminationContext } from "../operation.ts"
import type { Check } from "./check.ts"
import type { GatewayServer } from "./gateway-servers.ts"
import { operatorCheck } from "./operator-check.ts"

/** Checks of the access log of each gateway. */
export const logChecks = (servers: readonly GatewayServer[]): Check[] => {
  const each = (name: string, look: (gateway: Gateway, context: ExaminationContext) => Promise<Finding>) =>
    servers.flatMap(({ gateways, connection }) =>
      gateways.map(
        (gateway): Check => ({
          area: "platform",
          name: `${name}${ofGateways([gateway.name])}`,
          after: [operatorCheck, connection],
          look: context => look(gateway, context),
        }),
      ),
    )
  return [...each("access log", lookAtLog), ...each("log's clock", lookAtClock)]
}

/** Says where a gateway writes, where there are several, how much of its traffic is there, and how old the newest of it is. */
async function lookAtLog(gateway: Gateway, { redis, signal }: ExaminationContext): Promise<Finding> {
  const { name, client, stream } = gateway
  const place = placeOf(gateway.redis)
  const where = name === "" ? "" : `${nameOf(place)} ${stream}: `
  const { length, firstId, lastId } = await streamInfoOf(client, stream, signal)
  if (firstId === undefined) return warning(`${where}empty: nothing to show`, "check that the gateway is running")
  const [oldest] = parseStreamId(firstId)
  const [newest] = parseStreamId(lastId)
  const rate = newest > oldest ? `, ${perSecond((length - 1) / ((newest - oldest) / 1000))} a second` : ""
  const now = await serverTime(client, signal).catch(() => Date.now())
  const silence = `the newest ${spanOf(now - newest)} old`
  const says = `${where}${length} entries hold ${spanOf(newest - oldest)} of traffic${rate}; ${silence}`
  const same = redis.gateways.filter(
    other => other !== gateway && other.stream === stream && isSamePlace(placeOf(other.redis), place),
  )
  if (same.length === 0) return ok(says)
  return warning(
    `${says}; the same stream is that${ofGateways(same.map(other => other.name))}: each request is shown several times`,
    "list each stream once in gateways of the profile",
  )
}

/** Says whether ids of the access log are ahead of Redis's clock, as after an entry from the future. */
async function lookAtClock({ client, stream }: Gateway, { signal }: ExaminationContext): Promise<Finding> {
  // The clock is read last: what is added between the two is not ahead.
  const { lastId } = await streamInfoOf(client, stream, signal)
  const ahead = parseStreamId(lastId)[0] - (await serverTime(client, signal))
  if (ahead <= AHEAD_MS) return ok("no id is ahead of Redis's clock")
  return warning(
    aheadText(ahead),
    "look for a gateway or a restored stream with a wrong clock, and whether Redis's own was set back; it passes by itself",
  )
}

const perSecond = (rate: number) => (rate < 10 ? rate.toFixed(1) : rate.toFixed(0))
