import type { RedisClient } from "./connections.ts"
import { tokenMarkKey } from "./keys.ts"
import { valuesOf } from "./values.ts"

/** Time before which a user's access tokens are invalid: microseconds since the epoch. */
export interface TokenMark {
  readonly userId: string
  readonly before: bigint
}

/** Longest lifetime of an access token (contract, section 4). */
const LIFETIME_S = 2_592_000

/** Atomic, since the platform raises marks as well. Lua's doubles hold microseconds exactly until 2255. */
const RAISE = `local old = tonumber(redis.call("get", KEYS[1]) or "")
if old and old >= tonumber(ARGV[1]) then return 0 end
redis.call("set", KEYS[1], ARGV[1], "ex", ARGV[2])
return 1`

/** Invalidates access tokens issued before the mark; a later mark already present stays. */
export async function raiseTokenMark(api: RedisClient, { userId, before }: TokenMark): Promise<void> {
  await api.run(redis => redis.eval(RAISE, 1, tokenMarkKey(userId), String(before), LIFETIME_S))
}

/** Returns the `marks` that are not in force: the API's database has none for the user, or an earlier one. */
export async function missingTokenMarks(
  api: RedisClient,
  marks: readonly TokenMark[],
  signal?: AbortSignal,
): Promise<TokenMark[]> {
  const held = await valuesOf(
    api,
    marks.map(({ userId }) => tokenMarkKey(userId)),
    signal,
  )
  return marks.filter(({ before }, i) => !isMark(held[i]) || BigInt(held[i]) < before)
}

const isMark = (text: string | null | undefined): text is string => /^\d+$/.test(text ?? "")
