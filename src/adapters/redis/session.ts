import type { Socket } from "node:net"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { within } from "../deadline.ts"
import { connect } from "./connect.ts"
import type { Endpoint } from "./endpoint.ts"
import { ReplyError, ServerError } from "./errors.ts"
import { type Reply, RespReader } from "./resp.ts"
import { type Connection, discard } from "./server-connection.ts"
import { readStreamInfo, type StreamInfo } from "./stream-info.ts"

/** Entries per read: one or two milliseconds of the server's time, which other clients wait for. */
export const BATCH = 1_000
/** Time for which the server blocks a read that finds nothing. */
const BLOCK_MS = 1_500
/** How often a server is asked for its history, which begins anew with the first replica after a long time without one. */
const ASKED_EVERY_MS = 1_000
/** Time without an answer after which a server is considered gone. */
const SILENCE_MS = BLOCK_MS + 1_500

/** State of the stream, Redis's clock, and the number of entries after the cursor, both of one moment. */
export interface Snapshot {
  readonly info: StreamInfo
  /** Redis's clock, in ms since the epoch; undefined where it does not permit TIME. */
  readonly serverNow: number | undefined
  /** Number of entries to read with `entries`; fewer than BATCH means all there are. */
  readonly count: number
}

/** The server that a stream was read from. */
export interface Server {
  /** Changes when it is restarted or replaced; undefined where INFO is not permitted. */
  readonly runId?: string | undefined
  /** The history of writes that it goes on with, under the name of its primary's; a replica that is promoted begins another. */
  readonly history?: string | undefined
  /** The history that it went on with until it was promoted. */
  readonly before?: string | undefined
}

/**
 * Connection of the tail to one stream. ioredis connects and authenticates; then the socket is read here, since
 * decoding is the main cost of a busy stream. It never reconnects: after any rejection, `close` it and open another.
 */
export class StreamSession {
  server: Server
  /** For people. */
  readonly address: string
  /** Whether another server has taken the place of this one by now, where others can tell. */
  readonly isReplaced: NonNullable<Connection["isReplaced"]>
  private readonly wire: Wire
  private readonly reader: RespReader
  private readonly key: string
  private readonly permitsTime: boolean
  private askedAt = performance.now()

  private constructor(wire: Wire, connection: Connection, key: string, permitsTime: boolean, server: Server) {
    this.wire = wire
    this.reader = wire.reader
    this.address = connection.address
    this.isReplaced = connection.isReplaced ?? (async () => false)
    this.key = key
    this.permitsTime = permitsTime
    this.server = server
  }

  /** Opens a session. When `signal` fires, at any time, the connection ends. */
  static async open(endpoint: Endpoint, key: string, signal: AbortSignal): Promise<StreamSession> {
    const connection = await connect(endpoint, signal, key)
    const wire = takeOver(connection, signal)
    const { reader } = wire
    try {
      wire.write(command("TIME") + command("INFO", "server") + command("INFO", "replication"))
      const permitsTime = timeOf(await reader.reply()) !== undefined
      const server = serverIn(`${await reader.reply()}${await reader.reply()}`)
      return new StreamSession(wire, connection, key, permitsTime, server)
    } catch (error) {
      wire.close()
      throw new ServerError(connection.address, error)
    }
  }

  /** Returns the state of the stream now. */
  async info(): Promise<StreamInfo> {
    this.wire.write(command("XINFO", "STREAM", this.key))
    return readStreamInfo(await this.reader.reply())
  }

  /**
   * Reads what follows the entry `cursor`. With `wait` it first waits up to BLOCK_MS for an entry, which is dropped:
   * the blocking read is only a notification, so that every entry delivered comes with the stream's state of the same
   * moment.
   */
  async read(cursor: string, wait: boolean): Promise<Snapshot> {
    const { reader, key } = this
    const bell = command("XREAD", "COUNT", "1", "BLOCK", String(BLOCK_MS), "STREAMS", key, cursor)
    const time = this.permitsTime ? [command("TIME")] : []
    const info = command("XINFO", "STREAM", key)
    const entries = command("XREAD", "COUNT", String(BATCH), "STREAMS", key, cursor)
    const asked = [...(wait ? [bell] : []), command("MULTI"), ...time, info, entries]
    const asksServer = this.server.runId !== undefined && performance.now() - this.askedAt > ASKED_EVERY_MS
    this.wire.write(`${asksServer ? command("INFO", "replication") : ""}${asked.join("")}${command("EXEC")}`)
    if (asksServer) {
      this.askedAt = performance.now()
      this.server = { ...this.server, ...historiesIn(String(await reader.reply())) }
    }
    for (let queued = asked.length; queued > 0; queued--) refuseError(await reader.reply())
    await reader.arrayLength()
    const serverNow = this.permitsTime ? timeOf(await reader.reply()) : undefined
    const state = readStreamInfo(await reader.reply())
    if ((await reader.arrayLength()) === 0) return { info: state, serverNow, count: 0 }
    await reader.arrayLength()
    await reader.reply()
    return { info: state, serverNow, count: await reader.arrayLength() }
  }

  /** Returns the next entries of the last `read` that have arrived, at most `limit`. */
  entries(limit: number): Promise<StreamEntry[]> {
    return this.reader.entries(limit)
  }

  close(): void {
    this.wire.close()
  }
}

/** The reply to TIME in ms since the epoch; undefined for a refusal. */
const timeOf = (reply: Reply): number | undefined =>
  Array.isArray(reply) ? Number(reply[0]) * 1_000 + Math.floor(Number(reply[1]) / 1_000) : undefined

const fieldIn = (info: string, name: string) => info.match(new RegExp(`^${name}:(\\w+)`, "m"))?.[1]

/** What INFO says of a server; where it is not permitted, nothing. */
const serverIn = (info: string): Server => ({ runId: fieldIn(info, "run_id"), ...historiesIn(info) })

const historiesIn = (info: string) => ({
  history: fieldIn(info, "master_replid"),
  before: fieldIn(info, "master_replid2"),
})

interface Wire {
  readonly reader: RespReader
  write(commands: string): void
  close(): void
}

/** Takes the socket over from ioredis; it is read only as fast as entries are requested. */
function takeOver({ redis }: Connection, signal: AbortSignal): Wire {
  const socket = redis.stream as Socket
  socket.removeAllListeners("data")
  const chunks = socket.iterator({ destroyOnReturn: false })
  const reader = new RespReader(async () => {
    const { value, done } = await within(SILENCE_MS, chunks.next())
    if (done) throw new Error("Connection is closed.")
    return value
  })
  const close = () => {
    signal.removeEventListener("abort", close)
    discard(redis)
  }
  signal.addEventListener("abort", close)
  return { reader, write: commands => void socket.write(commands), close }
}

function refuseError(reply: Reply): void {
  if (reply instanceof ReplyError) throw reply
}

function command(...args: string[]): string {
  return `*${args.length}\r\n${args.map(arg => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`
}
