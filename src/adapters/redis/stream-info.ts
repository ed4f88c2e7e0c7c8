import type { RedisClient } from "./connections.ts"
import { ReplyError } from "./errors.ts"
import type { Reply } from "./resp.ts"
import { LOWEST_ID } from "./stream-ids.ts"

/** The state of a stream, as XINFO STREAM tells it. */
export interface StreamInfo {
  /** Is there such a key? Without one the rest is that of an empty stream. */
  readonly exists: boolean
  readonly length: number
  /** The oldest entry there is; undefined when there is none. */
  readonly firstId: string | undefined
  /** The highest id ever given. */
  readonly lastId: string
  /** How many entries were ever added; undefined before Redis 7. */
  readonly added: number | undefined
  /** The highest id ever deleted by itself, as against trimmed. */
  readonly maxDeletedId: string
}

const NO_STREAM: StreamInfo = {
  exists: false,
  length: 0,
  firstId: undefined,
  lastId: LOWEST_ID,
  added: 0,
  maxDeletedId: LOWEST_ID,
}

const NO_SUCH_KEY = "ERR no such key"

/** Reads the reply of XINFO STREAM; no such key is an empty stream, any other error is thrown. */
export function readStreamInfo(reply: Reply): StreamInfo {
  if (reply instanceof ReplyError && reply.message.startsWith(NO_SUCH_KEY)) return NO_STREAM
  if (reply instanceof ReplyError) throw reply
  const fields = new Map<Reply, Reply>()
  const list = reply as Reply[]
  for (let i = 0; i + 1 < list.length; i += 2) fields.set(list[i] as Reply, list[i + 1] as Reply)
  const added = fields.get("entries-added")
  const first = fields.get("first-entry")
  return {
    exists: true,
    length: Number(fields.get("length")),
    firstId: Array.isArray(first) ? String(first[0]) : undefined,
    lastId: String(fields.get("last-generated-id")),
    added: added === undefined ? undefined : Number(added),
    maxDeletedId: String(fields.get("max-deleted-entry-id") ?? LOWEST_ID),
  }
}

/** The state of the stream `key` now, over an ordinary connection. Throws DeckError. */
export async function streamInfoOf(client: RedisClient, key: string, signal?: AbortSignal): Promise<StreamInfo> {
  const reply = await client.run(redis => redis.xinfo("STREAM", key).catch(noSuchKey), signal)
  return readStreamInfo(reply as Reply)
}

function noSuchKey(error: Error): ReplyError {
  if (!error.message.startsWith(NO_SUCH_KEY)) throw error
  return new ReplyError(error.message)
}
