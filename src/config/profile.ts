import { DeckError } from "../domain/errors.ts"
import { didYouMean } from "./command-line.ts"
import { readText, requirePrivate } from "./secret-file.ts"
import { OWN_SETTINGS } from "./settings.ts"

interface Profile {
  readonly name: string
  /** Values of the file, unchecked. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** Contents of the configuration file. */
export interface Configured {
  readonly profile?: Profile
  /** Settings outside the profiles, which apply to all of them and without one; unchecked. */
  readonly own: Profile["settings"]
}

interface ConfigurationFile extends Pick<Configured, "own"> {
  readonly profiles: Readonly<Record<string, Profile["settings"]>>
  readonly defaultProfile?: string
}

/** Reads the profile `name`, or the default one. A file with a secret that others can read is rejected. */
export function readConfigured(path: string, name: string | undefined): Configured {
  const text = readText(path, path)
  if (text === undefined) {
    if (name === undefined) return { own: {} }
    throw new DeckError("usage", `--profile ${name}: no such configuration file: ${path}`)
  }
  const { own, ...file } = parse(text, path)
  if (Object.values(file.profiles).some(holdsSecret)) requirePrivate(path, "configuration")
  const chosen = name ?? file.defaultProfile
  if (chosen === undefined) return { own }
  const settings = Object.hasOwn(file.profiles, chosen) ? file.profiles[chosen] : undefined
  if (settings === undefined) {
    const where = name === undefined ? `defaultProfile in ${path}` : "--profile"
    throw new DeckError("usage", `${where}: no profile ${chosen}${didYouMean(chosen, Object.keys(file.profiles))}`)
  }
  return { own, profile: { name: chosen, settings } }
}

/** Parses without a schema library: loading one takes as long as all else before the console's first paint. */
function parse(text: string, path: string): ConfigurationFile {
  const refuse = (problem: string): never => {
    throw new DeckError("usage", `${path}: ${problem}`)
  }
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, secrets included.
    refuse("not valid JSON")
  }
  if (!isObject(file)) return refuse("expected an object with the member profiles")
  const { profiles = {}, defaultProfile, ...own } = file
  if (!isObject(profiles)) return refuse("profiles: expected an object of profiles by name")
  const broken = Object.keys(profiles).find(name => !isObject(profiles[name]))
  if (broken !== undefined) refuse(`profiles.${broken}: expected an object of settings`)
  if (defaultProfile !== undefined && typeof defaultProfile !== "string") {
    refuse("defaultProfile: expected the name of a profile")
  }
  const unknown = Object.keys(own).find(name => !OWN_SETTINGS.includes(name))
  if (unknown !== undefined) refuse(`${unknown}: no such setting${didYouMean(unknown, MEMBERS)}`)
  return { own, profiles, defaultProfile } as ConfigurationFile
}

const MEMBERS = ["profiles", "defaultProfile", ...OWN_SETTINGS]

const SECRETS = ["apiKey", "password", "historyPassword", "sentinelPassword"]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const holdsSecret = (settings: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(settings).some(([name, value]) => SECRETS.includes(name) || isSecret(value))

/** Whether a value holds a password, at whatever depth. */
function isSecret(value: unknown): boolean {
  if (typeof value === "string") return /:\/\/[^@]*:[^@]+@|[?&]password=/.test(value)
  return typeof value === "object" && value !== null && holdsSecret(value as Readonly<Record<string, unknown>>)
}
