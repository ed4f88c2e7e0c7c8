import { accessSync, constants } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import type { Origins } from "./origins.ts"
import { historyDirectories, INCIDENTS, ownIncidents, type Variables } from "./paths.ts"
import { passwordOf } from "./secret-setting.ts"
import type { Settings } from "./settings.ts"

/** Where the log's history is. */
export type HistoryPlace = (
  | {
      /** Absolute path. */
      readonly directory: string
      readonly server?: undefined
    }
  | { readonly server: ClickHouseServer }
) & {
  /** The group of this host that may read it besides its owner, and write incidents down with them. */
  readonly group?: string
}

/** Where the log's history is, and how much of it is kept. */
export type HistorySettings = HistoryPlace & {
  /** Absolute path of the incidents that were written down, beside it. */
  readonly incidents: string
  /** Limits: what is older, or more, is dropped. */
  readonly days: number
  readonly bytes: number
}

/** A database of ClickHouse. */
export interface ClickHouseServer {
  /** For people: `clickhouse://USER@HOST:PORT/DATABASE`. */
  readonly name: string
  /** Its interface for HTTP. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly database: string
}

const GIGABYTE = 1e9

/** Throws DeckError `usage` where the file of the password cannot be used. */
export function historySettings(
  settings: Settings,
  origins: Origins,
  profile: string | undefined,
  env: Variables,
): HistorySettings {
  const { history, historyGroup, historyDays: days = 7, historyGigabytes = 10 } = settings
  const name = profile ?? "default"
  const isServer = history !== undefined && isClickHouse(history)
  // The incidents of a history that is elsewhere are where they are without it.
  const directory = history === undefined || isServer ? usual(historyDirectories(env, name)) : resolve(history)
  const isShared = historyGroup !== undefined
  return {
    ...(isServer ? { server: serverAt(history, settings, origins) } : { directory }),
    incidents:
      isShared || allows(dirname(directory), constants.W_OK) ? incidentsBeside(directory) : ownIncidents(env, name),
    ...(historyGroup === undefined ? {} : { group: historyGroup }),
    days,
    bytes: historyGigabytes * GIGABYTE,
  }
}

/** The place of a history, for people. */
export const placeOf = (history: HistoryPlace): string =>
  history.server === undefined ? history.directory : history.server.name

/** Whether the setting `history` names a server, and no directory. */
export const isClickHouse = (history: string): boolean => history.startsWith("clickhouse:")

const PORTS = { http: "8123", https: "8443" }

function serverAt(history: string, settings: Settings, origins: Origins): ClickHouseServer {
  const { hostname, port, username, pathname, searchParams } = new URL(history)
  const protocol = searchParams.get("secure") === "true" ? "https" : "http"
  const host = `${hostname}:${port || PORTS[protocol]}`
  return {
    name: `clickhouse://${username}@${host}${pathname}`,
    url: `${protocol}://${host}`,
    username: decodeURIComponent(username),
    password: passwordOf("historyPassword", settings, origins),
    database: decodeURIComponent(pathname.slice(1)),
  }
}

const usual = (directories: readonly string[]) =>
  directories.find(path => allows(path, constants.R_OK)) ?? (directories.at(-1) as string)

/** Where the incidents of a history are. */
export const incidentsBeside = (directory: string) => join(dirname(directory), INCIDENTS, basename(directory))

/** Whether a directory is there, and may be entered and used so; one that is missing is made, within the nearest above it. */
function allows(path: string, use: number): boolean {
  try {
    accessSync(path, use | constants.X_OK)
    return true
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT"
    return isMissing && use === constants.W_OK && allows(dirname(path), use)
  }
}
