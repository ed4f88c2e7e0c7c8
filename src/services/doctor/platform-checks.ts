import { serverTime } from "../../adapters/redis/databases.ts"
import { streamInfoOf } from "../../adapters/redis/stream-info.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { spanOf } from "../../domain/span.ts"
import { parseStreamId } from "../../domain/stream-entry.ts"
import { owed } from "../repair.ts"
import { countLeftOverAccess } from "../users/left-over-access.ts"
import type { Check } from "./check.ts"
import { gatewayChecks } from "./gateway-checks.ts"
import { logClock } from "./log-clock-check.ts"
import { operatorCheck } from "./operator-check.ts"
import { queueChecks } from "./queue-checks.ts"
import { apiRedis, gatewayRedis } from "./redis-checks.ts"

const check = (name: string, connections: readonly Check[], look: Check["look"]): Check => ({
  area: "platform",
  name,
  after: [operatorCheck, ...connections],
  look,
})

const log = check("access log", [gatewayRedis.connection], async ({ redis, signal }): Promise<Finding> => {
  const { length, firstId, lastId } = await streamInfoOf(redis.gateways[0].client, redis.gateways[0].stream, signal)
  if (firstId === undefined) return warning("empty: nothing to show", "check that the gateway is running")
  const [oldest] = parseStreamId(firstId)
  const [newest] = parseStreamId(lastId)
  const rate = newest > oldest ? `, ${perSecond((length - 1) / ((newest - oldest) / 1000))} a second` : ""
  const now = await serverTime(redis.gateways[0].client, signal).catch(() => Date.now())
  const silence = `the newest ${spanOf(now - newest)} old`
  return ok(`${length} entries hold ${spanOf(newest - oldest)} of traffic${rate}; ${silence}`)
})

const debts = check("owed", [apiRedis.connection, gatewayRedis.connection], async stores => {
  const due = await owed(stores)
  if (due.length === 0) return ok("nothing")
  return warning(`not written yet: ${due.map(({ what }) => what).join(", ")}`, "opsdeck repair")
})

const leftOver = check("left-over access", [], async ({ postgres, signal }) => {
  const { users, ...of } = await postgres.run(countLeftOverAccess, signal)
  if (users === 0) return ok("none: no deleted user has sessions, API keys or invite codes")
  const kinds = `sessions of ${of.sessions}, API keys of ${of.keys}, invite codes of ${of.codes}`
  return warning(
    `${users} deleted ${users === 1 ? "user" : "users"} left with access: ${kinds}`,
    "opsdeck users list --status left-over, and for each of them: opsdeck users end-access ID",
  )
})

export const platformChecks: readonly Check[] = [log, logClock, ...gatewayChecks, debts, leftOver, ...queueChecks]

const perSecond = (rate: number) => (rate < 10 ? rate.toFixed(1) : rate.toFixed(0))
