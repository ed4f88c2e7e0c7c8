import type { Scenario } from "../config/demo-options.ts"

/** What the demo is started with. */
export interface DemoOptions {
  /** Requests a second, on average. */
  readonly rate: number
  /** The same seed gives the same people and the same traffic. */
  readonly seed: number
  /** What is to be found in it; without one, incidents and raids now and then. */
  readonly scenario?: Scenario
}

/** How to get into the throwaway platform. */
export interface DemoPlatform {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly gatewayRedisUrl: string
  readonly apiKey: string
  readonly login: string
  readonly password: string
}

/** What the keeper tells the process that started it. */
export type KeeperMessage =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "ready"; readonly platform: DemoPlatform }
  | { readonly kind: "failed"; readonly message: string }
