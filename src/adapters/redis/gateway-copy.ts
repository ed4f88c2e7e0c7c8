import { Decimal, isTooDeep, parseExactly } from "../../domain/decimal.ts"
import { DeckError } from "../../domain/errors.ts"
import { GATEWAY_DEFAULTS, GATEWAY_FIELDS, type GatewayConfig } from "../../domain/gateway.ts"
import { type GatewayReading, mistypedIn, readCopy, toCopy } from "../gateway-words.ts"
import type { RedisClient } from "./connections.ts"
import { GATEWAY_CONFIG } from "./keys.ts"

type JsonObject = Readonly<Record<string, unknown>>

/** The gateway's copy of its settings (contract, section 4). */
export interface GatewayCopy extends GatewayReading {
  /** The other members of the JSON object. */
  readonly unknown: JsonObject
  /** Names of the members with a value of a type that makes the gateway discard the whole copy without a message. */
  readonly refused: readonly string[]
}

/** Members that the gateway accepts only numbers for, beside those that opsdeck sets. */
const NUMBERS = ["rate_limit_capacity", "rate_limit_per_minute"]

/** Reads the gateway's copy; `undefined` when there is none, `"broken"` when it is no JSON object. Throws DeckError. */
export async function readGatewayCopy(
  gateway: RedisClient,
  signal?: AbortSignal,
): Promise<GatewayCopy | "broken" | undefined> {
  const text = await gateway.run(redis => redis.get(GATEWAY_CONFIG), signal)
  if (text === null) return undefined
  const copy = objectIn(text)
  if (copy === undefined) return "broken"
  const unknown = Object.fromEntries(Object.entries(copy).filter(([name]) => !isOurs(name)))
  return { ...readCopy(copy), unknown, refused: refusedIn(copy) }
}

/** Writes `fields`; other members stay, unusable values become defaults or, mistyped, go. Throws DeckError. */
export async function mergeGatewayCopy(gateway: RedisClient, fields: Partial<GatewayConfig>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Compared as bytes: a string of invalid UTF-8 would never equal them.
    const held = (await gateway.run(redis => redis.getBuffer(GATEWAY_CONFIG))) ?? ""
    const merged = JSON.stringify(merge(objectIn(held.toString()) ?? {}, fields))
    if ((await gateway.run(redis => redis.eval(REPLACE, 1, GATEWAY_CONFIG, held, merged))) === 1) return
  }
  throw new DeckError("conflict", "the gateway's copy is being changed concurrently: try again")
}

const ATTEMPTS = 10

/** Atomic, and only if the copy is still what was merged: the platform writes it as well. */
const REPLACE = `if (redis.call("get", KEYS[1]) or "") ~= ARGV[1] then return 0 end
redis.call("set", KEYS[1], ARGV[2])
return 1`

function merge(copy: JsonObject, fields: Partial<GatewayConfig>): JsonObject {
  const refused = refusedIn(copy)
  const kept = Object.entries(copy).filter(([name]) => !isOurs(name) && !refused.includes(name))
  return { ...Object.fromEntries(kept), ...toCopy({ ...GATEWAY_DEFAULTS, ...readCopy(copy).config, ...fields }) }
}

const isOurs = (name: string) => (GATEWAY_FIELDS as string[]).includes(name)

const refusedIn = (copy: JsonObject): string[] => [
  ...mistypedIn(copy),
  ...NUMBERS.filter(name => !isNumber(copy[name] ?? 0)),
]

const isNumber = (value: unknown) => typeof value === "number" || value instanceof Decimal

/** Parses a JSON object, numbers with all digits; undefined for none. Throws DeckError for one nested too deep. */
function objectIn(text: string): JsonObject | undefined {
  if (isTooDeep(text)) throw new DeckError("unavailable", TOO_DEEP)
  try {
    const value = parseExactly(text)
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Decimal)
    return isObject ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

const TOO_DEEP = `the gateway's copy is nested too deeply for opsdeck: fix ${GATEWAY_CONFIG} by hand`
