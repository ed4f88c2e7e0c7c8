import {
  GATEWAY_DEFAULTS,
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayField,
  type IpMode,
} from "../domain/gateway.ts"

// Translation of the gateway's settings to the platform's words and units (contract, sections 3 and 4): text in its
// database, JSON values in the gateway's copy. No other module knows these.

/** The settings in the contract's words. A setting that cannot be read has its default. */
export interface GatewayReading {
  readonly config: GatewayConfig
  /** Values that cannot be read, as stored. */
  readonly unreadable: ReadonlyMap<GatewayField, unknown>
}

/** A value of the gateway's copy, of a type that the gateway accepts. */
type Value = string | number | readonly string[]

/** Translation of one setting, both ways. */
interface Translation<T> {
  /** Parses the text of a row; undefined for none. */
  readonly parse: (text: string) => unknown
  /** Translates the platform's value to the contract's words; undefined for an invalid one. */
  readonly read: (value: unknown) => T | undefined
  readonly write: (value: T) => Value
  /** Whether `value` has the type that the gateway accepts, valid or not. */
  readonly isTyped: (value: unknown) => boolean
}

const MODES: Readonly<Record<IpMode, string>> = { direct: "direct", proxy: "trusted_proxy", cdn: "cloudflare" }

const TRANSLATIONS: { readonly [F in GatewayField]: Translation<GatewayConfig[F]> } = {
  ip_mode: {
    parse: text => text,
    read: value => (Object.keys(MODES) as IpMode[]).find(mode => MODES[mode] === value),
    write: mode => MODES[mode],
    isTyped: value => typeof value === "string",
  },
  trusted_cidrs: {
    parse: text => (text.startsWith("[") ? parseJson(text) : text.split(",")),
    read: value => (isListOfText(value) ? value.map(block => block.trim()).filter(block => block !== "") : undefined),
    write: blocks => blocks,
    isTyped: isListOfText,
  },
  risk_reject_threshold: {
    parse: text => (/^\d{1,3}$/.test(text) ? Number(text) : undefined),
    read: value =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100 ? Number(value) / 100 : undefined,
    write: risk => Math.round(risk * 100),
    isTyped: Number.isInteger,
  },
}

/** Key of the setting in the database and, after its prefix, in the API's cache. */
export const settingOf = (field: GatewayField) => `${GATEWAY_SETTINGS}${field}`
export const GATEWAY_SETTINGS = "gateway."

/** Reads the settings from rows of the database; an empty row counts as none, as for the platform. */
export const readRows = (rows: ReadonlyMap<string, string>): GatewayReading =>
  readEach(field => {
    const text = rows.get(settingOf(field))?.trim() ?? ""
    return text === "" ? undefined : { found: text, value: TRANSLATIONS[field].parse(text) }
  })

/** Reads the settings from the gateway's copy; null and an empty mode count as none, as for the gateway. */
export const readCopy = (copy: Readonly<Record<string, unknown>>): GatewayReading =>
  readEach(field => {
    const value = copy[field] ?? undefined
    return value === undefined || (field === "ip_mode" && value === "") ? undefined : { found: value, value }
  })

/** Returns the fields of the copy with a value of a type that the gateway rejects; null is of every type. */
export const mistypedIn = (copy: Readonly<Record<string, unknown>>): GatewayField[] =>
  GATEWAY_FIELDS.filter(field => {
    const value = copy[field] ?? undefined
    return value !== undefined && !TRANSLATIONS[field].isTyped(value)
  })

function readEach(find: (field: GatewayField) => { found: unknown; value: unknown } | undefined): GatewayReading {
  const unreadable = new Map<GatewayField, unknown>()
  const read = (field: GatewayField) => {
    const held = find(field)
    if (held === undefined) return []
    const value = TRANSLATIONS[field].read(held.value)
    if (value === undefined) unreadable.set(field, held.found)
    return value === undefined ? [] : [[field, value] as const]
  }
  const config = { ...GATEWAY_DEFAULTS, ...Object.fromEntries(GATEWAY_FIELDS.flatMap(read)) }
  return { config, unreadable }
}

/** Translates `fields` to rows of the database, by their full keys. */
export const toRows = (fields: Partial<GatewayConfig>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(toCopy(fields)).map(([field, value]) => [
      settingOf(field as GatewayField),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  )

/** Translates `fields` to members of the gateway's copy. */
export const toCopy = (fields: Partial<GatewayConfig>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      (TRANSLATIONS[field as GatewayField] as Translation<unknown>).write(value),
    ]),
  )

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(block => typeof block === "string")
}
