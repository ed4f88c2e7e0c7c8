import { ok, warning } from "../../domain/check.ts"
import { owed } from "../repair.ts"
import { countLeftOverAccess } from "../users/left-over-access.ts"
import type { Check } from "./check.ts"
import { gatewayChecks } from "./gateway-checks.ts"
import { type GatewayServer, onlyOne } from "./gateway-servers.ts"
import { logChecks } from "./log-checks.ts"
import { operatorCheck } from "./operator-check.ts"
import { queueChecks } from "./queue-checks.ts"
import { apiRedis } from "./redis-checks.ts"

const check = (name: string, connections: readonly Check[], look: Check["look"]): Check => ({
  area: "platform",
  name,
  after: [operatorCheck, ...connections],
  look,
})

const debts = (servers: readonly GatewayServer[]): Check => {
  const connections = [apiRedis, ...onlyOne(servers)].map(({ connection }) => connection)
  return check("owed", connections, async stores => {
    const due = await owed(stores)
    const named = (says: string, steps: typeof due) =>
      steps.length === 0 ? [] : [`${says}: ${steps.map(({ what }) => what).join(", ")}`]
    const lacking = due.filter(({ trouble }) => trouble === undefined)
    const unknown = due.filter(({ trouble }) => trouble !== undefined)
    const says = [...named("not written yet", lacking), ...named("not known whether written", unknown)]
    return says.length === 0 ? ok("nothing") : warning(says.join("; "), "opsdeck repair")
  })
}

const leftOver = check("left-over access", [], async ({ postgres, signal }) => {
  const { users, ...of } = await postgres.run(countLeftOverAccess, signal)
  if (users === 0) return ok("none: no deleted user has sessions, API keys or invite codes")
  const kinds = `sessions of ${of.sessions}, API keys of ${of.keys}, invite codes of ${of.codes}`
  return warning(
    `${users} deleted ${users === 1 ? "user" : "users"} left with access: ${kinds}`,
    "opsdeck users list --status left-over, and for each of them: opsdeck users end-access ID",
  )
})

/** Checks of what the platform keeps and does; `servers` are those that its gateways write to. */
export const platformChecks = (servers: readonly GatewayServer[]): Check[] => [
  ...logChecks(servers),
  ...gatewayChecks(servers),
  debts(servers),
  leftOver,
  ...queueChecks,
]
