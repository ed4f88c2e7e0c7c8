import type { AccessLogStatistics } from "../../src/domain/access-log-stats.ts"

/** What the live log says of the traffic, as a tail tells it. */
export const STATISTICS: AccessLogStatistics = {
  perSecond: 214,
  sparkline: Array.from({ length: 60 }, (_, n) => n % 9),
  shares: { "2xx": 0.91, "3xx": 0.02, "4xx": 0.06, "5xx": 0.01 },
  p50: 42,
  p95: 380,
  seen: 9812,
}
