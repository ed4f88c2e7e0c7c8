import type { RedisClient } from "./connections.ts"
import { ReplyError } from "./errors.ts"
import type { Reply } from "./resp.ts"
import { LOWEST_ID, previousId } from "./stream-ids.ts"

/** State of a stream, from XINFO STREAM. */
export interface StreamInfo {
  /** Whether the key exists. If not, the other fields are those of an empty stream. */
  readonly exists: boolean
  readonly length: number
  /** Id of the oldest entry; undefined when there is none. */
  readonly firstId?: string | undefined
  /** The highest id ever assigned. */
  readonly lastId: string
  /** Number of entries ever added; undefined before Redis 7. */
  readonly added?: number | undefined
  /** The highest id ever deleted individually, as opposed to trimmed. */
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

/** Parses the reply of XINFO STREAM; a missing key is an empty stream, any other error is thrown. */
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

/** Reads the state of stream `key`, over an ordinary connection. Throws DeckError. */
export async function streamInfoOf(client: RedisClient, key: string, signal?: AbortSignal): Promise<StreamInfo> {
  const reply = await client.run(redis => redis.xinfo("STREAM", key).catch(noSuchKey), signal)
  return readStreamInfo(reply as Reply)
}

function noSuchKey(error: Error): ReplyError {
  if (!error.message.startsWith(NO_SUCH_KEY)) throw error
  return new ReplyError(error.message)
}

/** Returns how many entries are gone from the stream (undefined before Redis 7), and the id up to which all are. */
export function goneFrom(info: StreamInfo): { count: number | undefined; upTo: string } {
  return {
    count: info.added === undefined ? undefined : info.added - info.length,
    upTo: info.firstId === undefined ? info.lastId : previousId(info.firstId),
  }
}
