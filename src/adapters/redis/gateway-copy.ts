import { Decimal, isTooDeep, parseExactly } from "../../domain/decimal.ts"
import { DeckError } from "../../domain/errors.ts"
import { GATEWAY_FIELDS, type GatewayConfig, type GatewayField } from "../../domain/gateway.ts"
import { type GatewayReading, mistypedIn, readCopy, toCopy } from "../gateway-words.ts"
import type { RedisClient } from "./connections.ts"
import { GATEWAY_CONFIG } from "./keys.ts"

type JsonObject = Readonly<Record<string, unknown>>

/** The gateway's copy of its settings (contract, section 4). */
export interface GatewayCopy extends GatewayReading {
  /** What else it holds. */
  readonly unknown: JsonObject
  /** The names whose values are of a type that makes the gateway drop the whole copy, in silence. */
  readonly refused: readonly string[]
}

/** The gateway's copy; `undefined` when there is none, `"broken"` when it is no JSON object. Throws DeckError. */
export async function readGatewayCopy(
  gateway: RedisClient,
  signal?: AbortSignal,
): Promise<GatewayCopy | "broken" | undefined> {
  const text = await gateway.run(redis => redis.get(GATEWAY_CONFIG), signal)
  if (text === null) return undefined
  const copy = objectIn(text)
  if (copy === undefined) return "broken"
  const unknown = Object.fromEntries(Object.entries(copy).filter(([name]) => !isOurs(name)))
  return { ...readCopy(copy), unknown, refused: mistypedIn(copy) }
}

/** What is to become of the gateway's copy. */
export interface CopyChange {
  /** The members to write. */
  readonly set: Readonly<Partial<GatewayConfig>>
  /** The members to take away, so that the gateway's environment is in force again. */
  readonly remove?: readonly GatewayField[]
}

/**
 * Changes the gateway's copy, and nothing else of it: what it holds besides stays as it is, but for what is of a type
 * that makes the gateway drop the whole copy. A member that is absent leaves the gateway's environment in force (contract,
 * section 4), so none is written that is not asked for. Throws DeckError.
 */
export async function changeGatewayCopy(gateway: RedisClient, change: CopyChange): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // The bytes as they are: text of invalid UTF-8 would never compare equal to them.
    const held = (await gateway.run(redis => redis.getBuffer(GATEWAY_CONFIG))) ?? ""
    const changed = JSON.stringify(changedCopy(objectIn(held.toString()) ?? {}, change))
    if ((await gateway.run(redis => redis.eval(REPLACE, 1, GATEWAY_CONFIG, held, changed))) === 1) return
  }
  throw new DeckError("conflict", "the gateway's copy is being changed concurrently: try again")
}

const ATTEMPTS = 10

/** In one step, and only where the copy is still what was merged: the platform writes it as well. */
const REPLACE = `if (redis.call("get", KEYS[1]) or "") ~= ARGV[1] then return 0 end
redis.call("set", KEYS[1], ARGV[2])
return 1`

function changedCopy(copy: JsonObject, { set, remove = [] }: CopyChange): JsonObject {
  const gone: readonly string[] = [...mistypedIn(copy), ...remove]
  const kept = Object.entries(copy).filter(([name]) => !gone.includes(name))
  return { ...Object.fromEntries(kept), ...toCopy(set) }
}

const isOurs = (name: string) => (GATEWAY_FIELDS as string[]).includes(name)

/**
 * The JSON object that `text` writes, its numbers with all their digits; undefined when it writes none. Throws DeckError
 * "unavailable" for one nested too deep, which the gateway reads all the same.
 */
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
