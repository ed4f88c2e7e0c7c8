import type { Measure } from "./list-terms.ts"

/** What runs are measured by: the names of terms, and how a typed amount is read. */
export const RUN_MEASURES = {
  cost: {
    term: "cost",
    label: "only runs that cost at least this much",
    help: "what a run cost, which is known at its end",
    expects: "US dollars, such as 0.5",
    example: "1",
    read: typed => (/^\d{1,12}(\.\d{1,12})?$/.test(typed) ? typed : undefined),
  },
  duration: {
    term: "dur",
    label: "only runs that took at least this long",
    help: "how long a run took or, while it is running, has taken until now",
    expects: "a duration such as 500ms, 60s, 5m or 2h",
    example: "60s",
    read: typed => {
      const [, digits, unit = ""] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/.exec(typed) ?? []
      return digits && (Number(digits) * (UNITS_MS[unit] as number)).toFixed(3)
    },
    remedy: typed => (/^\d+(\.\d+)?$/.test(typed) ? `write ${typed}s or ${typed}ms` : undefined),
  },
  tokens: {
    term: "tokens",
    label: "only runs with at least so many tokens, in and out",
    help: "the tokens of a run, in and out, which are known at its end",
    expects: "a number such as 5000, 50k or 2M",
    example: "50k",
    read: typed => {
      const [, digits, unit = ""] = /^(\d{1,15})(k|M)?$/.exec(typed) ?? []
      return digits && `${digits}${ZEROS[unit]}`
    },
  },
} as const satisfies Record<string, Measure>

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const ZEROS: Readonly<Record<string, string>> = { "": "", k: "000", M: "000000" }
