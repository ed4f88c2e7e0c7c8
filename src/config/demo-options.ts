import type { Options } from "./command-line.ts"

/** Scenarios of the demo. */
export const SCENARIOS = ["attack", "deploy"] as const
export type Scenario = (typeof SCENARIOS)[number]

/** Average number of requests per second. */
export const DEMO_RATE = 200
/** Rate with a scenario: low enough that the 10 000 requests kept reach back to before the deployment. */
export const SCENARIO_RATE = 40

/** Most gateways of a demo: each has a Redis database of its own. */
export const MOST_GATEWAYS = 16

/** Options of `opsdeck demo`. */
export const DEMO_OPTIONS = {
  scenario: {
    kind: "text",
    placeholder: SCENARIOS.join("|"),
    choices: SCENARIOS,
    summary: "an incident to find: credential stuffing, or a bad deployment",
  },
  rate: {
    kind: "text",
    placeholder: "N",
    summary: `requests a second on average, 1 to 10000 (default ${DEMO_RATE}, with a scenario ${SCENARIO_RATE})`,
  },
  seed: { kind: "text", placeholder: "N", summary: "seed of the people and the traffic (default 1)" },
  gateways: {
    kind: "text",
    placeholder: "NAMES",
    summary: `several gateways, such as eu,us: each writes its share of the requests, up to ${MOST_GATEWAYS}`,
  },
  "servers-only": {
    kind: "flag",
    summary: "without the console: print the environment variables, and run until Ctrl-C",
  },
  help: { kind: "flag", summary: "print this" },
} as const satisfies Options
