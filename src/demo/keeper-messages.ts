import type { GatewayTarget, Several } from "../adapters/redis/connections.ts"
import type { Scenario } from "../config/demo-options.ts"

/** Options of the demo's platform. */
export interface DemoOptions {
  /** Requests a second, on average. */
  readonly rate: number
  /** The same seed gives the same people and the same traffic. */
  readonly seed: number
  /** Scenario of the traffic; without one, incidents and raids occur now and then. */
  readonly scenario?: Scenario
  /** Names of the gateways; without them there is one, which has none. */
  readonly gateways?: Several<string>
}

/** Access to the throwaway platform. */
export interface DemoPlatform {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly gateways: Several<GatewayTarget>
  /** The configuration file that lists the gateways, where they have names. */
  readonly configFile?: string
  /** Directory of the log's history, which is empty where there is no engine for it. */
  readonly history: string
  readonly apiKey: string
  readonly login: string
  readonly password: string
}

/** Message of the keeper to the process that started it. */
export type KeeperMessage =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "ready"; readonly platform: DemoPlatform }
  | { readonly kind: "failed"; readonly message: string }
