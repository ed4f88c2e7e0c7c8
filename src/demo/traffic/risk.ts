/** What the gateway adds to the risk of a request, out of 100 (the platform's gateway, risk/scorer.go). */
const RISK = { anonymous: 10, tor: 60, hosting: 30, unknown: 20, bot: 15, human: 0, tool: 0 } as const

/** The demonstration's threshold: nobody but strangers behind Tor without a user agent. */
export const RISK_REJECTED = 90

/** Returns the gateway's score of a request, 0 to 100. */
export const riskOf = (...signals: readonly (keyof typeof RISK)[]) =>
  signals.reduce((sum, signal) => sum + RISK[signal], 0)
