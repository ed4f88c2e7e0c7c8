import { setTimeout as delay } from "node:timers/promises"
import type { SignOfLife } from "../../adapters/history/accounts.ts"
import type { GapReason } from "../../adapters/history/extent.ts"
import type { HistoryBatch, HistoryWriter, Retention } from "../../adapters/history/history-writer.ts"
import type { RedisTarget } from "../../adapters/redis/endpoint.ts"
import { type LedgerState, type StreamEvent, StreamFollower } from "../../adapters/redis/follow.ts"
import type { Gap } from "../../adapters/redis/gap.ts"
import { LOWEST_ID } from "../../adapters/redis/stream-ids.ts"
import { DeckError } from "../../domain/errors.ts"

/** At the latest so long after it was read, an entry is on the disk. */
const FLUSH_MS = 5_000
/** What is held is written sooner where it is more than this, in bytes of the entries' fields. */
const FLUSH_BYTES = 8 << 20
/** While it cannot be written so much is held; then nothing more is read, and the stream keeps what it can. */
export const MOST_BYTES = 32 << 20
/** Time to another try where the history could not be written. */
const RETRY_MS = 2_000

export interface Recording {
  /** Name of the gateway; without one there is one that nobody named. */
  readonly gateway?: string
  readonly redis: RedisTarget
  /** Key of the stream. */
  readonly stream: string
  readonly retention: Retention
  /** So much is held while it cannot be written, in bytes of the entries' fields, in place of 32 MB. */
  readonly mostBytes?: number
  /** For tests: how often what was read is written, in ms, in place of every five seconds. */
  readonly flushMs?: number
  readonly signal: AbortSignal
  /** Tells whoever reads the recorder's output, in a sentence. */
  say(message: string): void
}

/**
 * Writes the stream into the history, each entry once or within a gap of its size, until the signal fires; then what was read is
 * written first. It goes on where the accounts say that the recorder before it ended.
 */
export class Recorder {
  private readonly writer: HistoryWriter
  private readonly recording: Recording
  private readonly follower: StreamFollower
  private readonly sinceMs = Date.now()
  private batch: HistoryBatch
  private epoch: number
  /** The stream's time, in ms since the epoch. */
  private now = 0
  private flushedAt = performance.now()
  /** The batch before, on its way to the disk. */
  private saving: Promise<void> | undefined
  private merging: Promise<void> | undefined
  /** Why the stream or the history is out of reach. */
  private readonly troubles = new Map<"stream" | "history", string>()
  /** Why the last attempt to write failed, where the recorder is to end. */
  private failure: unknown
  /** Ends it where another recorder has taken over. */
  private readonly displaced = new AbortController()
  /** Why entries are missing that come as a gap now. */
  private reason: GapReason = "trimmed"
  /** Whether this is about what happened while nobody recorded. */
  private returning: boolean

  static async start(writer: HistoryWriter, recording: Recording): Promise<Recorder> {
    return new Recorder(writer, recording, await writer.newBatch())
  }

  private constructor(writer: HistoryWriter, recording: Recording, batch: HistoryBatch) {
    const { position, epoch } = writer.accounts
    const start = position === undefined ? { after: LOWEST_ID } : { resume: position }
    this.writer = writer
    this.recording = recording
    this.batch = batch
    this.epoch = epoch
    this.returning = position !== undefined
    this.follower = new StreamFollower(
      recording.redis,
      recording.stream,
      start,
      AbortSignal.any([recording.signal, this.displaced.signal]),
    )
  }

  async run(): Promise<void> {
    for await (const event of this.follower.events()) await this.take(event)
    await this.saving
    await this.merging
    const position = this.follower.state
    // What comes behind rows that could not be written is left to the next recorder, as these are.
    if (position !== undefined && this.failure === undefined) await this.save(this.batch, position, this.epoch)
    this.batch.close()
    if (this.failure !== undefined) throw this.failure
  }

  private async take(event: StreamEvent): Promise<void> {
    switch (event.kind) {
      case "connected":
        this.now = event.now
        this.recovered("stream")
        break
      case "idle":
        this.now = event.now
        this.returning = false
        await this.flushWhenDue()
        break
      case "entries":
        await this.flushWhenDue()
        this.returning = false
        for (const entry of event.entries) this.batch.add(entry, this.epoch)
        this.now = event.entries.at(-1)?.at ?? this.now
        break
      case "gap":
        this.batch.tell({ event: "gap", ...event, reason: this.reasonOf(event) }, this.epoch)
        this.reason = "trimmed"
        break
      case "reset":
        this.reset()
        break
      case "disconnected":
        this.troubled("stream", `${event.reason}; trying again`)
        await this.flushWhenDue()
        break
    }
  }

  private reasonOf({ failover }: Gap): GapReason {
    if (failover) return "failover"
    return this.returning ? "not_recording" : this.reason
  }

  /** Of the epoch that ended, what came after the last entry that was read is lost where nobody was there to read it. */
  private reset(): void {
    if (this.returning) {
      const from = this.writer.accounts.position?.cursor ?? LOWEST_ID
      this.batch.tell({ event: "gap", lost: 0, from, to: null, reason: "epoch_ended" }, this.epoch)
    }
    this.epoch++
    this.batch.tell({ event: "reset", atMs: this.now }, this.epoch)
    this.recording.say("the stream was deleted and made anew")
  }

  /** Between two events of the stream: what was read before this one is whole, and has a position behind it. */
  private async flushWhenDue(): Promise<void> {
    const { bytes } = this.batch
    const { flushMs = FLUSH_MS, mostBytes = MOST_BYTES } = this.recording
    if (bytes < Math.min(FLUSH_BYTES, mostBytes / 4) && performance.now() - this.flushedAt < flushMs) return
    if (this.saving !== undefined && bytes < mostBytes) return
    if (this.saving !== undefined) this.reason = "not_written"
    await this.saving
    const position = this.follower.state
    if (position === undefined) return
    const { batch, epoch } = this
    this.batch = await this.writer.newBatch()
    this.flushedAt = performance.now()
    this.saving = this.save(batch, position, epoch).finally(() => {
      batch.close()
      this.saving = undefined
    })
  }

  /** Writes until it has succeeded, or another recorder has taken over; once the recorder is to end, it tries once more. */
  private async save(batch: HistoryBatch, position: LedgerState, epoch: number): Promise<void> {
    const { signal } = this.recording
    const untilMs = this.now
    for (;;) {
      const isLast = signal.aborted
      try {
        await this.writer.save(batch, { position, epoch, untilMs }, this.sign())
        break
      } catch (error) {
        if (error instanceof DeckError && error.code === "conflict") {
          this.failure = error
          return this.displaced.abort()
        }
        if (isLast) {
          this.failure = notWritten(error)
          return
        }
        this.troubled("history", `the history cannot be written: ${reasonOf(error)}; trying again`)
        await delay(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
    this.recovered("history")
    this.merging ??= this.tidy().finally(() => {
      this.merging = undefined
    })
  }

  /** What fails now is tried again after the next flush. */
  private async tidy(): Promise<void> {
    const { signal, retention } = this.recording
    if (signal.aborted) return
    try {
      await this.writer.tidy(retention, this.now)
    } catch (error) {
      this.recording.say(`the history cannot be merged or cut to its limits: ${reasonOf(error)}`)
    }
  }

  private sign(): SignOfLife {
    const [trouble] = this.troubles.values()
    const isOver = this.recording.signal.aborted
    return {
      pid: process.pid,
      sinceMs: this.sinceMs,
      atMs: Date.now(),
      ...(isOver && { isOver }),
      ...(trouble !== undefined && { trouble }),
    }
  }

  private troubled(part: "stream" | "history", trouble: string): void {
    if (trouble !== this.troubles.get(part)) this.recording.say(trouble)
    this.troubles.set(part, trouble)
  }

  private recovered(part: "stream" | "history"): void {
    if (this.troubles.delete(part)) this.recording.say(`the ${part} can be reached again`)
  }
}

const reasonOf = (error: unknown) => (error as Error).message

const notWritten = (cause: unknown) =>
  new DeckError("unavailable", `the history cannot be written: ${reasonOf(cause)}`, { cause })
