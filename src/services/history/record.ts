import { makeDirectory, modesFor, WRITTEN } from "../../adapters/history/directory.ts"
import { openWriter } from "../../adapters/history/engines.ts"
import { type LogOwner, THE_GATEWAY } from "../../adapters/history/log-owner.ts"
import { type RedisTarget, readEndpoint } from "../../adapters/redis/endpoint.ts"
import type { HistoryPlace, HistorySettings } from "../../config/history.ts"
import { Recorder, type Recording } from "./recorder.ts"

/** Where a recorder writes, and where incidents are written down beside it. */
type RecordedInto = HistoryPlace & Partial<Pick<HistorySettings, "incidents">>

/**
 * Records the stream into the history until the signal fires; `started` is called once it can be written. Throws DeckError: "conflict"
 * where another recorder works on it or it is another stream's, "unavailable" where it cannot be written.
 */
export async function record(history: RecordedInto, recording: Recording, started = () => {}): Promise<void> {
  const { redis, stream, gateway, say } = recording
  const owner = ownerOf(redis, stream, gateway)
  const { group, incidents } = history
  // Where the recorder's account alone may make it, for those who write into it.
  if (group !== undefined && incidents !== undefined) await makeDirectory(incidents, await modesFor(group, WRITTEN))
  const writer = await openWriter(history, owner)
  try {
    started()
    say(`recording ${stream} on ${owner.redis} into ${writer.place}`)
    await (await Recorder.start(writer, recording)).run()
    say("ended; everything that was read is written")
  } finally {
    await writer.close()
  }
}

/** Whose log is recorded from the stream `stream` of a Redis. */
export function ownerOf(redis: RedisTarget, stream: string, gateway = THE_GATEWAY): LogOwner {
  const { address, client } = readEndpoint(redis)
  return { gateway, stream, redis: `${address}/${client.db}` }
}
