import type { Socket } from "node:net"
import type { Redis } from "ioredis"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { within } from "../deadline.ts"
import { connect, discard } from "./connections.ts"
import type { Endpoint } from "./endpoint.ts"
import { ReplyError } from "./errors.ts"
import { type Reply, RespReader } from "./resp.ts"
import { readStreamInfo, type StreamInfo } from "./stream-info.ts"

/** Entries asked for at a time: a millisecond or two of the server's, which others wait for. */
export const BATCH = 1_000
/** How long the server holds a read that finds nothing. */
const BLOCK_MS = 1_500
/** A server that says nothing for this long, although asked, is taken for gone. */
const SILENCE_MS = BLOCK_MS + 1_500

/** The state of the stream, and how many entries behind the cursor follow: all of one moment. */
export interface Snapshot {
  readonly info: StreamInfo
  /** To be taken with `entries`; fewer than BATCH is all there are. */
  readonly count: number
}

/**
 * One connection of the tail, for one stream. ioredis connects and authenticates; then the socket is read here, since
 * decoding is what a busy stream costs. It never reconnects: after any rejection, `close` it and open another.
 */
export class StreamSession {
  /** The server's clock, milliseconds since the epoch; ours where it keeps that to itself. */
  readonly serverNow: number
  /** Changes when the server is restarted, or another takes its place; undefined where it may not be asked. */
  readonly runId: string | undefined
  private readonly connection: Connection
  private readonly reader: RespReader
  private readonly key: string

  private constructor(connection: Connection, key: string, time: Reply, server: Reply) {
    this.connection = connection
    this.reader = connection.reader
    this.key = key
    this.serverNow = Array.isArray(time) ? Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000) : Date.now()
    this.runId = typeof server === "string" ? server.match(/^run_id:(\w+)/m)?.[1] : undefined
  }

  /** When `signal` fires the connection ends, now or at any time later. */
  static async open(endpoint: Endpoint, key: string, signal: AbortSignal): Promise<StreamSession> {
    const connection = takeOver(await connect(endpoint, signal), signal)
    const { reader } = connection
    try {
      connection.write(command("TIME") + command("INFO", "server"))
      return new StreamSession(connection, key, await reader.reply(), await reader.reply())
    } catch (error) {
      connection.close()
      throw error
    }
  }

  /** The state of the stream now. */
  async info(): Promise<StreamInfo> {
    this.connection.write(command("XINFO", "STREAM", this.key))
    return readStreamInfo(await this.reader.reply())
  }

  /**
   * What follows the entry `cursor`. With `wait` it first waits up to BLOCK_MS for something to follow: that read is a
   * bell and its entry dropped, so that whatever is delivered comes with the state of the very moment it was read in.
   */
  async read(cursor: string, wait: boolean): Promise<Snapshot> {
    const { reader, key } = this
    const bell = command("XREAD", "COUNT", "1", "BLOCK", String(BLOCK_MS), "STREAMS", key, cursor)
    const info = command("XINFO", "STREAM", key)
    const entries = command("XREAD", "COUNT", String(BATCH), "STREAMS", key, cursor)
    this.connection.write((wait ? bell : "") + command("MULTI") + info + entries + command("EXEC"))
    for (let queued = wait ? 4 : 3; queued > 0; queued--) refuseError(await reader.reply())
    await reader.arrayLength()
    const state = readStreamInfo(await reader.reply())
    if ((await reader.arrayLength()) === 0) return { info: state, count: 0 }
    await reader.arrayLength()
    await reader.reply()
    return { info: state, count: await reader.arrayLength() }
  }

  /** The next entries of the last `read`, as many as have arrived, at most `limit`. */
  entries(limit: number): Promise<StreamEntry[]> {
    return this.reader.entries(limit)
  }

  close(): void {
    this.connection.close()
  }
}

interface Connection {
  readonly reader: RespReader
  write(commands: string): void
  close(): void
}

/** From here on what the server says is ours to read, and it is read only as fast as it is asked for. */
function takeOver(redis: Redis, signal: AbortSignal): Connection {
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

/** A command as RESP. */
function command(...args: string[]): string {
  return `*${args.length}\r\n${args.map(arg => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`
}
