import { parseAlertRule } from "../domain/alerts/alert-rule.ts"
import { asDeckError } from "../domain/errors.ts"
import type { Options } from "./command-line.ts"
import { gatewayList, type ListedGateway } from "./gateway-list.ts"
import { postgresUrl } from "./postgres-url.ts"
import { redisUrl } from "./redis-url.ts"
import { clickhouseUrl } from "./urls.ts"

/** Value types of settings, by kind. */
export interface Kinds {
  readonly text: string
  readonly flag: boolean
  readonly number: number
  readonly texts: readonly string[]
  readonly gateways: readonly ListedGateway[]
  /** Checked by the module that uses it, which is loaded later. */
  readonly unchecked: unknown
}

/** Declaration of a setting: its kind, and its sources besides a profile, which has it under its own name. */
type SettingOf<Kind extends keyof Kinds> = {
  readonly kind: Kind
  readonly option?: string
  /** Environment variables, the first that is set wins; the platform's own names come after ours. */
  readonly variables?: readonly string[]
  /** Whether it says which servers are meant. With a profile named on the command line, only options and that profile do. */
  readonly isServer?: boolean
  /** Returns what is wrong with a value of its kind, without quoting it: it may be a secret. */
  readonly check?: (value: Kinds[Kind]) => string | undefined
}

export type Setting = { readonly [Kind in keyof Kinds]: SettingOf<Kind> }[keyof Kinds]

/** Colours of an environment's name, in the order of their ANSI codes from 31 on. */
export const COLOURS = ["red", "green", "yellow", "blue", "magenta", "cyan"] as const
export type Colour = (typeof COLOURS)[number]

const oneOf = (choices: readonly string[]) => (text: string) =>
  choices.includes(text) ? undefined : `expected one of ${choices.join(", ")}`

/** One day. */
const MOST_IDLE_MINUTES = 1440
const minutes = (count: number) =>
  count >= 0 && count <= MOST_IDLE_MINUTES ? undefined : `expected minutes from 0 (never) to ${MOST_IDLE_MINUTES}`

/** Typical redraw rate of terminals. */
export const MOST_FPS = 60
const frames = (count: number) =>
  Number.isInteger(count) && count >= 1 && count <= MOST_FPS
    ? undefined
    : `expected a whole number from 1 to ${MOST_FPS}`

/** Most milliseconds to wait for the rest of an escape sequence: Esc alone takes as long. */
const MOST_ESCAPE_DELAY_MS = 1000
const escapeDelay = (ms: number) =>
  ms >= 0 && ms <= MOST_ESCAPE_DELAY_MS ? undefined : `expected milliseconds from 0 to ${MOST_ESCAPE_DELAY_MS}`

/** Returns the error of the first rule that cannot be parsed. */
function alertRules(rules: readonly string[]): string | undefined {
  for (const rule of rules) {
    try {
      parseAlertRule(rule)
    } catch (error) {
      return `"${rule}": ${asDeckError(error).message}`
    }
  }
  return undefined
}

const credits = (amount: number) =>
  Number.isSafeInteger(amount) && amount >= 0 ? undefined : "expected a whole number of credits, 0 or more"

const aboveZero = (amount: number) => (amount > 0 ? undefined : "expected a number above 0")

function historyPlace(place: string): string | undefined {
  if (place.startsWith("clickhouse:")) return clickhouseUrl(place)
  return /^\w+:\/\//.test(place) ? "expected a directory, or clickhouse://user@host:8123/database" : undefined
}

/** A host's name, or an address in brackets, as RFC 5321 has it. */
const ehlo = (name: string) =>
  /^([\w-]+(\.[\w-]+)*|\[[\w.:]+\])$/.test(name) && name.length <= 255
    ? undefined
    : "expected a host's name, like mail.example.com, or an address like [192.0.2.1]"

/** All settings. Secrets have no option, only files and variables (contract, section 7). */
export const SETTINGS = {
  databaseUrl: {
    kind: "text",
    option: "database-url",
    variables: ["DATABASE_URL", "ARKLOOP_DATABASE_URL"],
    isServer: true,
    check: postgresUrl,
  },
  readUrl: { kind: "text", option: "read-url", variables: ["OPSDECK_READ_URL"], isServer: true, check: postgresUrl },
  maxLag: { kind: "number", check: aboveZero },
  redisUrl: {
    kind: "text",
    option: "redis-url",
    variables: ["REDIS_URL", "ARKLOOP_REDIS_URL"],
    isServer: true,
    check: redisUrl,
  },
  gatewayRedisUrl: {
    kind: "text",
    option: "gateway-redis-url",
    variables: ["GATEWAY_REDIS_URL", "ARKLOOP_GATEWAY_REDIS_URL"],
    isServer: true,
    check: redisUrl,
  },
  gateways: { kind: "gateways", check: gatewayList },
  redisCa: { kind: "text", option: "redis-ca" },
  redisCert: { kind: "text", option: "redis-cert" },
  redisKey: { kind: "text", option: "redis-key" },
  sentinelUser: { kind: "text", variables: ["OPSDECK_SENTINEL_USER"], isServer: true },
  sentinelPassword: { kind: "text", variables: ["OPSDECK_SENTINEL_PASSWORD"] },
  sentinelPasswordFile: { kind: "text", variables: ["OPSDECK_SENTINEL_PASSWORD_FILE"] },
  stream: { kind: "text", option: "stream", variables: ["OPSDECK_STREAM"], isServer: true },
  history: { kind: "text", option: "history", variables: ["OPSDECK_HISTORY"], isServer: true, check: historyPlace },
  historyPassword: { kind: "text", variables: ["OPSDECK_HISTORY_PASSWORD"] },
  historyPasswordFile: { kind: "text", variables: ["OPSDECK_HISTORY_PASSWORD_FILE"] },
  historyGroup: { kind: "text" },
  historyDays: { kind: "number", check: aboveZero },
  historyGigabytes: { kind: "number", check: aboveZero },
  apiKey: { kind: "text", variables: ["OPSDECK_API_KEY"] },
  apiKeyFile: { kind: "text", option: "api-key-file" },
  login: { kind: "text", option: "login" },
  password: { kind: "text", variables: ["OPSDECK_PASSWORD"] },
  readOnly: { kind: "flag", option: "read-only" },
  idleMinutes: { kind: "number", check: minutes },
  largeGrant: { kind: "number", check: credits },
  ehloName: { kind: "text", option: "ehlo-name", variables: ["OPSDECK_EHLO_NAME"], check: ehlo },
  colour: { kind: "text", check: oneOf(COLOURS) },
  fps: { kind: "number", option: "fps", check: frames },
  plainOutput: { kind: "flag", option: "plain-output" },
  theme: { kind: "unchecked", option: "theme", variables: ["OPSDECK_THEME"] },
  keys: { kind: "unchecked" },
  mouse: { kind: "flag", option: "mouse" },
  escapeDelay: { kind: "number", option: "escape-delay", variables: ["OPSDECK_ESCAPE_DELAY"], check: escapeDelay },
  alerts: { kind: "texts", check: alertRules },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS

/** Settings of the operator rather than of a platform: they may also be set outside the profiles, for all of them. */
export const OWN_SETTINGS: readonly string[] = ["theme", "keys", "mouse", "escapeDelay"] satisfies SettingName[]

/** Checked values of the settings. */
export type Settings = { readonly [Name in SettingName]?: Kinds[(typeof SETTINGS)[Name]["kind"]] }

/** Options of every command and of the console. */
export const PROGRAM_OPTIONS = {
  "database-url": { kind: "text", placeholder: "URL", summary: "PostgreSQL: postgres://user@host/database" },
  "read-url": { kind: "text", placeholder: "URL", summary: "a replica of it, to read lists and the dashboard from" },
  "redis-url": { kind: "text", placeholder: "URL", summary: "the API's Redis: redis://host:6379/0" },
  "gateway-redis-url": { kind: "text", placeholder: "URL", summary: "the gateway's Redis, if it is a separate one" },
  "redis-ca": { kind: "text", placeholder: "FILE", summary: "PEM file of the authority behind rediss://" },
  "redis-cert": { kind: "text", placeholder: "FILE", summary: "PEM file of the certificate to show Redis" },
  "redis-key": { kind: "text", placeholder: "FILE", summary: "PEM file, mode 0600, of that certificate's key" },
  stream: { kind: "text", placeholder: "KEY", summary: "key of the access log's stream, if not the default" },
  history: {
    kind: "text",
    placeholder: "DIRECTORY|URL",
    summary: "the log's history, where it is not in its usual place",
  },
  profile: { kind: "text", placeholder: "NAME", summary: "a profile of the configuration file" },
  login: { kind: "text", placeholder: "NAME", summary: "sign in with a password: OPSDECK_PASSWORD, or a prompt" },
  "api-key-file": { kind: "text", placeholder: "FILE", summary: "a file, mode 0600, that holds the API key" },
  "read-only": {
    kind: "flag",
    negatable: true,
    summary: "refuse every change; --no-read-only overrides a read-only profile",
  },
  "ehlo-name": {
    kind: "text",
    placeholder: "NAME",
    summary: "the name that a test mail greets the mail server with, if not this host's",
    only: "email test",
  },
  help: { kind: "flag", summary: "this help" },
  version: { kind: "flag", summary: "the version" },
} as const satisfies Options

/** Options of the console: `opsdeck` without a command. */
export const CONSOLE_OPTIONS = {
  ...PROGRAM_OPTIONS,
  screen: { kind: "text", placeholder: "NAME", summary: "open the console on this screen instead of the log" },
  theme: {
    kind: "text",
    placeholder: "NAME",
    summary: "colours for the terminal's background: auto (asks the terminal), dark, light, or mono for no colour",
  },
  fps: { kind: "text", placeholder: "N", summary: `maximum number of frames per second, 1 to ${MOST_FPS}` },
  mouse: {
    kind: "flag",
    negatable: true,
    summary: "use the mouse: the wheel scrolls, a click selects; hold Shift for the terminal's own selection",
  },
  "escape-delay": {
    kind: "text",
    placeholder: "MS",
    summary: "how long Esc waits for the rest of another key: 100 at a remote terminal, else 30",
  },
  "plain-output": {
    kind: "flag",
    summary: "redraw whole frames, for a terminal that shows remains of earlier ones",
  },
} as const satisfies Options
