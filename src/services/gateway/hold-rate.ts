import { GATEWAY_DEFAULTS } from "../../domain/gateway.ts"
import { type GatewayState, isDropped, readingOf } from "./gateway-state.ts"

/** The rate at which buckets are filled. */
export interface Rate {
  /** Tokens a second. */
  readonly perSecond: number
  /** Whether it is known here, and not the platform's default. */
  readonly isKnown: boolean
}

/** The gateway's rate, from its copy, the row, or a variable of this host; else the platform's default (contract, section 9). */
export function rateOf({ copy, database, variables }: GatewayState): Rate {
  const readings = [...(isDropped(copy) ? [] : [readingOf(copy)]), database, variables]
  const perMinute = readings.map(({ values }) => values.rate_limit_per_minute).find(rate => rate !== undefined)
  return {
    perSecond: (perMinute ?? GATEWAY_DEFAULTS.rate_limit_per_minute) / 60,
    isKnown: perMinute !== undefined,
  }
}
