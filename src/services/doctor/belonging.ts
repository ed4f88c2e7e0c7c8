import type { Gateway } from "../../adapters/redis/connections.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { asDeckError } from "../../domain/errors.ts"
import { type Comparison, compareApi, compareGateway } from "../belonging.ts"
import { ofGateways, redisSettingOf } from "../gateway-names.ts"
import { type Check, GRANTS } from "./check.ts"
import { operatorCheck } from "./operator-check.ts"
import { apiRedis } from "./redis-checks.ts"

export const apiBelongs: Check = {
  area: "redis_api",
  name: "platform",
  after: [operatorCheck, apiRedis.connection],
  async look(stores) {
    try {
      return judged(await compareApi(stores), "REDIS_URL")
    } catch (error) {
      const { denied, message } = asDeckError(error)
      if (!denied) throw error
      return warning(`not compared with PostgreSQL: ${message}`, GRANTS)
    }
  },
}

export const gatewayBelongs = (gateway: Gateway, connection: Check): Check => ({
  area: "redis_gateway",
  name: `platform${ofGateways([gateway.name])}`,
  after: [operatorCheck, connection],
  look: async stores => judged(await compareGateway(stores, [gateway]), redisSettingOf([gateway.name])),
})

function judged({ known, unknown, knownText, unknownText }: Comparison, variable: string): Finding {
  if (unknown === 0)
    return ok(known === 0 ? "nothing to compare with PostgreSQL now" : `${knownText} of this PostgreSQL`)
  const others = known === 0 ? "and none that it does: it is another platform's" : `beside ${knownText} that it does`
  return warning(
    `names ${unknownText} that this PostgreSQL does not know, ${others}`,
    `check that DATABASE_URL and ${variable} name the same platform`,
  )
}
