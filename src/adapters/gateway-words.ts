import { Decimal } from "../domain/decimal.ts"
import { GATEWAY_FIELDS, type GatewayConfig, type GatewayField, type IpMode } from "../domain/gateway.ts"

// The platform's words and units for the gateway's settings (contract, sections 3 and 4): in its database and in the
// gateway's environment as text, in the gateway's copy as JSON values. Nothing else knows them.

/** The settings that one place holds, in the contract's words. */
export interface GatewayReading {
  /** Those that it holds and that can be read. */
  readonly values: Readonly<Partial<GatewayConfig>>
  /** Those that it holds and that cannot be read, as they stand there. */
  readonly unreadable: ReadonlyMap<GatewayField, unknown>
}

/** A value of the gateway's copy, of a type that the gateway takes. */
type Value = string | number | readonly string[]

/** One setting in the platform's words. */
interface Translation<T> {
  /** The key of its row, behind the prefix; the member of the copy is called as the field is. */
  readonly row: string
  /** The variable of the gateway's environment. */
  readonly variable: string
  /** The value that the text of a row or of a variable stands for; undefined for none. */
  readonly parse: (text: string) => unknown
  /** The platform's value in the contract's words; undefined when it means nothing. */
  readonly read: (value: unknown) => T | undefined
  readonly write: (value: T) => Value
  /** Is `value` of the type that the gateway takes, whatever it means? */
  readonly isTyped: (value: unknown) => boolean
  /** Does the gateway take this member of its copy for one that is absent? */
  readonly isAbsent?: (value: unknown) => boolean
}

const MODES: Readonly<Record<IpMode, string>> = { direct: "direct", proxy: "trusted_proxy", cdn: "cloudflare" }

const rate = (row: string, variable: string): Translation<number> => ({
  row,
  variable,
  parse: text => (/^\d*\.?\d+$/.test(text) ? Number(text) : undefined),
  read: value => (isNumber(value) && Number(value) > 0 ? Number(value) : undefined),
  write: rate => rate,
  isTyped: isNumber,
  isAbsent: value => isNumber(value) && Number(value) <= 0,
})

const TRANSLATIONS: { readonly [F in GatewayField]: Translation<GatewayConfig[F]> } = {
  ip_mode: {
    row: "ip_mode",
    variable: "ARKLOOP_GATEWAY_IP_MODE",
    parse: text => text,
    read: value => (Object.keys(MODES) as IpMode[]).find(mode => MODES[mode] === value),
    write: mode => MODES[mode],
    isTyped: value => typeof value === "string",
    isAbsent: value => value === "",
  },
  trusted_cidrs: {
    row: "trusted_cidrs",
    variable: "ARKLOOP_GATEWAY_TRUSTED_CIDRS",
    parse: text => (text.startsWith("[") ? parseJson(text) : text.split(",")),
    read: value => (isListOfText(value) ? value.map(block => block.trim()).filter(block => block !== "") : undefined),
    write: blocks => blocks,
    isTyped: isListOfText,
    isAbsent: value => isListOfText(value) && value.length === 0,
  },
  risk_reject_threshold: {
    row: "risk_reject_threshold",
    variable: "ARKLOOP_GATEWAY_RISK_REJECT_THRESHOLD",
    parse: text => (/^\d{1,3}$/.test(text) ? Number(text) : undefined),
    read: value =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100 ? Number(value) / 100 : undefined,
    write: risk => Math.round(risk * 100),
    isTyped: Number.isInteger,
  },
  rate_limit_capacity: rate("ratelimit_capacity", "ARKLOOP_RATELIMIT_CAPACITY"),
  rate_limit_per_minute: rate("ratelimit_rate_per_minute", "ARKLOOP_RATELIMIT_RATE_PER_MINUTE"),
}

/** The key of the setting in the database and, behind its prefix, in the API's cache. */
export const settingOf = (field: GatewayField) => `${GATEWAY_SETTINGS}${TRANSLATIONS[field].row}`
export const GATEWAY_SETTINGS = "gateway."

/** The variable of the gateway's environment that sets the field. */
export const variableOf = (field: GatewayField) => TRANSLATIONS[field].variable

/** The settings as the rows of the database hold them; an empty row counts as none, as for the platform. */
export const readRows = (rows: ReadonlyMap<string, string>): GatewayReading =>
  readTexts(field => rows.get(settingOf(field)))

/** The settings as variables of the gateway hold them, as far as they are in `env`. */
export const readVariables = (env: Readonly<Record<string, string | undefined>>): GatewayReading =>
  readTexts(field => env[variableOf(field)])

/** The settings as the gateway's copy holds them; what the gateway takes for absent counts as nothing. */
export const readCopy = (copy: Readonly<Record<string, unknown>>): GatewayReading =>
  readEach(field => {
    const value = copy[field] ?? undefined
    const isAbsent = value === undefined || TRANSLATIONS[field].isAbsent?.(value)
    return isAbsent ? undefined : { found: value, value }
  })

/** The fields of the copy whose values are of another type than the gateway takes; null is of every type. */
export const mistypedIn = (copy: Readonly<Record<string, unknown>>): GatewayField[] =>
  GATEWAY_FIELDS.filter(field => {
    const value = copy[field] ?? undefined
    return value !== undefined && !TRANSLATIONS[field].isTyped(value)
  })

const readTexts = (find: (field: GatewayField) => string | undefined): GatewayReading =>
  readEach(field => {
    const text = find(field)?.trim() ?? ""
    return text === "" ? undefined : { found: text, value: TRANSLATIONS[field].parse(text) }
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
  return { values: Object.fromEntries(GATEWAY_FIELDS.flatMap(read)), unreadable }
}

/** `fields` as rows of the database, by their whole keys. */
export const toRows = (fields: Partial<GatewayConfig>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(toCopy(fields)).map(([field, value]) => [
      settingOf(field as GatewayField),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  )

/** `fields` as the gateway's copy holds them. */
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

/** A number with more digits than a double keeps is read as a Decimal. */
function isNumber(value: unknown): boolean {
  return typeof value === "number" || value instanceof Decimal
}
