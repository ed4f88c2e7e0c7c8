import { dirname, resolve } from "node:path"
import type { ReadReplicaOptions } from "./adapters/postgres/read-replica.ts"
import type { RedisOptions } from "./adapters/redis/connections.ts"
import { problemOf } from "./config/check-setting.ts"
import { colourBy, isProduction } from "./config/colour.ts"
import type { CommandLine } from "./config/command-line.ts"
import { type ConfiguredCredentials, credentialsOf } from "./config/configured-credentials.ts"
import { completeDatabaseUrl, environmentOf, namesSeveral, SERVER_NAMING } from "./config/database-url.ts"
import { gatewayNames, gatewaysOf } from "./config/gateways.ts"
import { type HistorySettings, historySettings, isClickHouse } from "./config/history.ts"
import { labelOf, type Origins } from "./config/origins.ts"
import { columnsFilePath, configFilePath, historyFilePath, logFilePath, type Variables } from "./config/paths.ts"
import { readConfigured } from "./config/profile.ts"
import { redisReach } from "./config/redis.ts"
import { type Colour, MOST_FPS, SETTINGS, type Setting, type Settings } from "./config/settings.ts"
import { DeckError } from "./domain/errors.ts"

export interface Config {
  /** Environment variables that name other servers than the named profile, and were ignored. */
  readonly ignored?: readonly string[]
  /** Name shown on top of every screen: the profile's, "local", or the database's host. */
  readonly environment: string
  readonly profile?: string
  /** PostgreSQL, and the replica that is read where what is read may be some seconds old. */
  readonly postgres: { readonly url: string; readonly read?: ReadReplicaOptions }
  readonly redis: RedisOptions
  /** Where the log's history is; undefined where there is none to be read. */
  readonly history?: HistorySettings
  readonly credentials?: ConfiguredCredentials
  /** File for storing the API key. */
  readonly apiKeyFile?: string
  /** Read-only, and its source: a profile's setting can be overridden, an option cannot. */
  readonly readOnly?: "option" | "profile"
  /** Milliseconds without a key after which the console is idle; 0 means never. */
  readonly idleMs: number
  /** The name that a test mail greets the mail server with (EHLO); by default this host's. */
  readonly ehloName?: string
  /** Credits that a batch of codes may be worth in all without being confirmed by its sum. */
  readonly largeGrant?: number
  /** Colour of the environment's name, on the top line and in every confirmation. */
  readonly colour?: Colour
  /** Maximum number of frames per second. */
  readonly fps: number
  /** Frames are drawn by Ink alone. */
  readonly plainOutput: boolean
  /** Theme of the console; see ui/widgets/themes. */
  readonly theme?: Declared
  /** Key bindings of the console; see ui/keys/key-map. */
  readonly keys?: Declared
  readonly mouse: boolean
  /** Longest time to wait for the rest of an escape sequence, in milliseconds; undefined: how soon the terminal replies decides. */
  readonly escapeDelayMs: number | undefined
  /** Alert rules (domain/alerts). */
  readonly alerts: readonly string[]
  readonly logFile: string
  readonly historyFile: string
  readonly columnsFile: string
}

/** A value of the configuration file and its location, checked by the module that uses it. */
export interface Declared {
  readonly value: unknown
  readonly label: string
}

/** The sentence that names the environment variables which were ignored. */
export const ignoredNote = (variables: readonly string[]): string =>
  `ignored ${variables.join(", ")}: --profile names the servers`

/**
 * Returns the checked configuration: options before environment before profile. The servers of a profile that is named on
 * the command line come from options and that profile alone. (`line` is the command line, `env` the environment.) Throws
 * DeckError `usage` with one line that names the setting and its origin, and never quotes a value that could be a secret.
 */
export function readConfig(line: CommandLine, env: Variables): Config {
  const { settings, origins, profile, isNamed, ignored } = gather(line, env)
  const databaseUrl = databaseUrlOf(settings, env, isNamed && profile)
  const redisUrl = needed("redisUrl", settings, env, isNamed && profile)
  const { gatewayRedisUrl = redisUrl, apiKeyFile, idleMinutes = 15, colour, fps = MOST_FPS } = settings
  const reached = redisReach(settings, origins)
  const credentials = credentialsOf(settings, origins)
  const readOnly = readOnlyBy(settings, origins, profile)
  const ownDatabase = origins.databaseUrl?.rank === 2
  return {
    ...(ignored.length > 0 && { ignored }),
    environment: profile !== undefined && ownDatabase ? profile : environmentOf(databaseUrl),
    ...(profile === undefined ? {} : { profile }),
    postgres: { url: databaseUrl, ...readBy(settings, env, isNamed) },
    redis: { api: reached(redisUrl), gateways: gatewaysOf(settings, origins, () => gatewayRedisUrl, reached) },
    history: historySettings(settings, origins, profile, env),
    ...(credentials === undefined ? {} : { credentials }),
    ...(apiKeyFile === undefined ? {} : { apiKeyFile }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...colourBy(colour as Colour | undefined, profile, ownDatabase),
    ...(settings.ehloName === undefined ? {} : { ehloName: settings.ehloName }),
    ...(settings.largeGrant === undefined ? {} : { largeGrant: settings.largeGrant }),
    idleMs: idleMinutes * 60_000,
    fps,
    plainOutput: settings.plainOutput ?? false,
    ...declared("theme", settings, origins),
    ...declared("keys", settings, origins),
    mouse: settings.mouse ?? false,
    escapeDelayMs: settings.escapeDelay ?? usualEscapeDelayMs(env),
    alerts: settings.alerts ?? [],
    logFile: logFilePath(env),
    historyFile: historyFilePath(env),
    columnsFile: columnsFilePath(env),
  }
}

/** Longest wait for the rest of a sequence, in ms: of a terminal at the other end of a link it arrives in pieces. */
export const ESCAPE_DELAY_MS = { remote: 100, local: 30 } as const

/** Under SSH the terminal is remote; else (sudo and su drop the variables) how soon it replies says what it is. */
export const usualEscapeDelayMs = (env: Variables): number | undefined =>
  env.SSH_CONNECTION || env.SSH_TTY ? ESCAPE_DELAY_MS.remote : undefined

/** The database's URL and whether it is read-only, for commands that need no more; checked like all settings. */
export function readDatabase(line: CommandLine, env: Variables): Pick<Config, "readOnly"> & { readonly url: string } {
  const { settings, origins, profile, isNamed } = gather(line, env)
  const readOnly = readOnlyBy(settings, origins, profile)
  return { url: databaseUrlOf(settings, env, isNamed && profile), ...(readOnly === undefined ? {} : { readOnly }) }
}

/** What the recorder works with: the gateways and the history. Checked like all settings. */
export function readRecording(line: CommandLine, env: Variables) {
  const { settings, profile, isNamed, origins } = gather(line, env)
  const usualUrl = () => settings.gatewayRedisUrl ?? needed("redisUrl", settings, env, isNamed && profile)
  const gateways = gatewaysOf(settings, origins, usualUrl, redisReach(settings, origins))
  return { gateways, history: historySettings(settings, origins, profile, env) }
}

/** Where the history is, and of which gateways, for commands that read nothing else. Checked like all settings. */
export function readHistory(line: CommandLine, env: Variables) {
  const { settings, origins, profile } = gather(line, env)
  return { history: historySettings(settings, origins, profile, env), gateways: gatewayNames(settings) }
}

/**
 * The database's URL with its servers spelled out: what it lacks comes from a service file and libpq's variables, of which a
 * profile that is asked for by name takes none.
 */
const databaseUrlOf = (settings: Settings, env: Variables, named: Named): string =>
  completeDatabaseUrl(needed("databaseUrl", settings, env, named), named ? { HOME: env.HOME } : env)

/** Seconds that a replica may be behind and is read all the same. */
const USUAL_MAX_LAG_S = 10

function readBy({ readUrl, maxLag = USUAL_MAX_LAG_S }: Settings, env: Variables, isNamed: boolean) {
  if (readUrl === undefined) return {}
  // Of several servers a standby is meant, whichever is to take changes.
  const PGTARGETSESSIONATTRS = namesSeveral(readUrl) ? "prefer-standby" : undefined
  const lacking = { ...(isNamed ? { HOME: env.HOME } : { ...env, PGSERVICE: undefined }), PGTARGETSESSIONATTRS }
  return { read: { url: completeDatabaseUrl(readUrl, lacking), maxLagS: maxLag } }
}

/** Settings that name a file; a profile's are relative to the file that holds the profile. */
const FILES = new Set([
  ...["redisCa", "redisCert", "redisKey", "sentinelPasswordFile"],
  ...["apiKeyFile", "history", "historyPasswordFile"],
])

const isFile = (name: string, value: unknown): value is string =>
  FILES.has(name) && typeof value === "string" && !isClickHouse(value)

function gather(line: CommandLine, env: Variables) {
  const path = configFilePath(env)
  const named = line.values.get("profile") as string | undefined
  const isNamed = named !== undefined
  const { own, profile } = readConfigured(path, named)
  const ignored: string[] = []
  const settings: Record<string, unknown> = {}
  const origins: Origins = {}
  for (const [name, value] of Object.entries(own)) {
    settings[name] = value
    origins[name] = { rank: 2, label: `${name} in ${path}` }
  }
  for (const [name, value] of Object.entries(profile?.settings ?? {})) {
    settings[name] = isFile(name, value) ? resolve(dirname(path), value) : value
    origins[name] = { rank: 2, label: `${name} of profile ${profile?.name} in ${path}` }
  }
  for (const [name, source] of Object.entries(SETTINGS) as [string, Setting][]) {
    const variable = source.variables?.find(one => env[one])
    if (variable !== undefined && source.isServer && isNamed) {
      if (env[variable] !== settings[name]) ignored.push(variable)
    } else if (variable !== undefined) {
      settings[name] = typed(source, env[variable])
      origins[name] = { rank: 1, label: `environment variable ${variable}` }
    }
    if (source.option && line.values.has(source.option)) {
      settings[name] = typed(source, line.values.get(source.option))
      origins[name] = { rank: 0, label: `--${source.option}` }
    }
  }
  if (isNamed) ignored.push(...SERVER_NAMING.filter(name => env[name]))
  return { settings: checked(settings, origins), origins, profile: profile?.name, isNamed, ignored }
}

/** Returns what a text means for a setting; no number for one that is empty. */
const typed = ({ kind }: Setting, given: unknown) =>
  kind !== "number" ? given : given === "" ? Number.NaN : Number(given)

function checked(settings: Readonly<Record<string, unknown>>, origins: Origins): Settings {
  for (const [name, value] of Object.entries(settings)) {
    const problem = problemOf(name, value)
    if (problem !== undefined) throw new DeckError("usage", `${labelOf(name, origins)}: ${problem}`)
  }
  return settings as Settings
}

const declared = (name: "theme" | "keys", settings: Settings, origins: Origins) =>
  settings[name] === undefined ? {} : { [name]: { value: settings[name], label: labelOf(name, origins) } }

/** Returns the source of read-only. A profile whose name begins with `prod` is read-only unless it says otherwise. */
function readOnlyBy({ readOnly }: Settings, origins: Origins, profile: string | undefined): Config["readOnly"] {
  if (origins.readOnly?.rank === 0) return readOnly ? "option" : undefined
  return (readOnly ?? isProduction(profile)) ? "profile" : undefined
}

/** The profile that was asked for by name. */
type Named = string | false | undefined

function needed(name: "databaseUrl" | "redisUrl", settings: Settings, env: Variables, named: Named): string {
  const { option, variables } = SETTINGS[name]
  const [variable] = variables
  const text = settings[name]
  if (text !== undefined) return text
  if (named) {
    throw new DeckError(
      "usage",
      `profile ${named} has no ${name}: add it in ${configFilePath(env)}, or give --${option}`,
      { field: option },
    )
  }
  const remedy = `set ${variable}, or give --${option} or a --profile of ${configFilePath(env)}`
  throw new DeckError("usage", `${variable} is missing: ${remedy}`, { field: option })
}
