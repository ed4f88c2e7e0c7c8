import type { Options } from "./command-line.ts"
import { type Check, postgresUrl, redisUrl } from "./urls.ts"

/** A text, and where it can come from besides a profile of the configuration file, which has it under its own name. */
export interface Setting {
  readonly option?: string
  readonly variable?: string
  readonly check?: Check
}

/** Every setting. Secrets have no option, only files and variables (contract, section 7). */
export const SETTINGS = {
  databaseUrl: { option: "database-url", variable: "DATABASE_URL", check: postgresUrl },
  redisUrl: { option: "redis-url", variable: "REDIS_URL", check: redisUrl },
  gatewayRedisUrl: { option: "gateway-redis-url", variable: "GATEWAY_REDIS_URL", check: redisUrl },
  redisCa: { option: "redis-ca" },
  stream: { option: "stream", variable: "OPSDECK_STREAM" },
  apiKey: { variable: "OPSDECK_API_KEY" },
  apiKeyFile: { option: "api-key-file" },
  login: { option: "login" },
  password: { variable: "OPSDECK_PASSWORD" },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS

/** The options that every command and the console take. */
export const PROGRAM_OPTIONS = {
  "database-url": { kind: "text", placeholder: "URL", summary: "PostgreSQL: postgres://user@host/database" },
  "redis-url": { kind: "text", placeholder: "URL", summary: "the API's Redis: redis://host:6379/0" },
  "gateway-redis-url": { kind: "text", placeholder: "URL", summary: "the gateway's Redis, where it is another" },
  "redis-ca": { kind: "text", placeholder: "FILE", summary: "PEM file of the authority behind rediss://" },
  stream: { kind: "text", placeholder: "KEY", summary: "the access log's stream, where it has another key" },
  profile: { kind: "text", placeholder: "NAME", summary: "a profile of the configuration file" },
  login: { kind: "text", placeholder: "NAME", summary: "sign in with a password: OPSDECK_PASSWORD, or a prompt" },
  "api-key-file": { kind: "text", placeholder: "FILE", summary: "a file, mode 0600, that holds the API key" },
  help: { kind: "flag", summary: "this help" },
  version: { kind: "flag", summary: "the version" },
} as const satisfies Options

/** `opsdeck` without a command opens the console; this is what it takes besides. */
export const CONSOLE_OPTIONS = {
  ...PROGRAM_OPTIONS,
  screen: { kind: "text", placeholder: "NAME", summary: "open the console on this screen instead of the log" },
} as const satisfies Options
