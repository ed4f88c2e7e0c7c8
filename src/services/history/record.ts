import {
  makeDirectory,
  modesFor,
  readIdentity,
  recorderDirectory,
  WRITTEN,
  writeIdentity,
} from "../../adapters/history/directory.ts"
import { HistoryWriter } from "../../adapters/history/writer.ts"
import { readEndpoint } from "../../adapters/redis/endpoint.ts"
import type { HistorySettings } from "../../config/history.ts"
import { DeckError } from "../../domain/errors.ts"
import { Recorder, type Recording } from "./recorder.ts"

/** Where it is recorded to, and whom that is shared with. */
type Target = Pick<HistorySettings, "directory"> & Partial<Pick<HistorySettings, "group" | "incidents">>

/** A platform has one gateway, without a name. */
const GATEWAY = ""

/**
 * Records the stream into the history until the signal fires. Throws DeckError: "conflict" where another recorder works on it or it
 * is another stream's, "unavailable" where it cannot be written.
 */
export async function record(history: Target, recording: Recording): Promise<void> {
  const { redis, stream, say } = recording
  const directory = recorderDirectory(history.directory, GATEWAY)
  const modes = await modesFor(history.group)
  const { group, incidents } = history
  // Where the recorder's account alone may make it, for those who write into it.
  if (group !== undefined && incidents !== undefined) await makeDirectory(incidents, await modesFor(group, WRITTEN))
  const writer = await HistoryWriter.open(directory, GATEWAY, modes)
  try {
    const { address, client } = readEndpoint(redis)
    const own = { format: 1 as const, gateway: GATEWAY, stream, redis: `${address}/${client.db}` }
    const found = await readIdentity(directory)
    if (found !== undefined && (found.stream !== stream || found.redis !== own.redis)) {
      throw new DeckError(
        "conflict",
        `${directory} holds the log of ${found.stream} on ${found.redis}, not of ${stream} on ${own.redis}: ` +
          "use another --history, or, where the stream has moved, correct identity.json in it",
        { field: "history" },
      )
    }
    if (found === undefined) await writeIdentity(directory, own, modes)
    say(`recording ${stream} on ${own.redis} into ${directory}`)
    await (await Recorder.start(writer, recording)).run()
    say("ended; everything that was read is written")
  } finally {
    writer.close()
  }
}
