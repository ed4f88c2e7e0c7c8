import type { Random } from "../random.ts"
import { type Client, idsOf, type Member, NOBODY } from "./clients.ts"
import { placeOfServers } from "./places.ts"
import { riskOf } from "./risk.ts"
import { route, routeOfClient, type Visit } from "./routes.ts"

const NETWORKS = 5
const ADDRESSES = 8
/** Share of its requests that is signed in. */
const SIGNED_IN_SHARE = 0.15

const AGENTS = ["python-requests/2.31.0", "python-requests/2.32.3", "Go-http-client/2.0", "okhttp/4.12.0"]

/** Passwords leaked elsewhere, tried here: few of them are valid. */
const ATTEMPT = route("POST /v1/auth/login", 401, { weight: 1, median: 92, spread: 0.25 }, { 200: 0.01, 429: 0.03 })

type Machine = Pick<Client, "ip" | "country" | "city" | "userAgent" | "uaType">

/** An attacker who tries logins from forty machines in five networks (/24), and uses an `account` of their own. */
export function createStuffing(account: Member, random: Random): (random: Random) => Visit {
  const machines = Array.from({ length: NETWORKS }, () => networkOf(random)).flat()
  const ids = idsOf(account, random)
  return random => {
    const machine = random.pick(machines)
    if (random.chance(SIGNED_IN_SHARE)) {
      const client: Client = { ...ids, ...machine, identity: "jwt", userId: account.userId, risk: riskOf("hosting") }
      return { client, route: routeOfClient(random) }
    }
    return { client: { ...NOBODY, ...machine, risk: riskOf("anonymous", "hosting") }, route: ATTEMPT }
  }
}

/** Adjacent machines of one hosting provider. */
function networkOf(random: Random): Machine[] {
  const place = placeOfServers(random)
  const network = `${random.pick(place.v4)}.${random.between(0, 255)}`
  const first = random.between(10, 200)
  return Array.from({ length: ADDRESSES }, (_, i) => ({
    ip: `${network}.${first + i * 3}`,
    country: place.country,
    city: random.pick(place.cities),
    userAgent: random.pick(AGENTS),
    uaType: "tool",
  }))
}
