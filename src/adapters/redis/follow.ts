import { setTimeout as delay } from "node:timers/promises"
import { StreamClock } from "../../domain/stream-clock.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import { type Endpoint, type RedisTarget, readEndpoint } from "./endpoint.ts"
import { explain, MovedError, type Remedy, ReplacedError, ServerError } from "./errors.ts"
import type { Gap } from "./gap.ts"
import { type LedgerState, StreamLedger, type StreamStart } from "./ledger.ts"
import { BATCH, type Snapshot, StreamSession } from "./session.ts"

export type { LedgerState, StreamStart } from "./ledger.ts"

export type StreamEvent =
  /**
   * Reading has begun, after the id `after`; `now` is the stream's time, in milliseconds since the epoch, and `isBehind` that entries
   * follow which were there before.
   */
  | { kind: "connected"; after: string; now: number; isBehind?: true }
  /**
   * The next entries, oldest first, at least one; views of received bytes, so copy what is to be kept for long. `isAll`: at this
   * moment there are no others.
   */
  | { kind: "entries"; entries: StreamEntry[]; isAll?: true }
  /** Heartbeat: nothing to read for about a second and a half; `exists` is false while there is no stream. */
  | { kind: "idle"; now: number; exists: boolean }
  /** Comes before the entries that follow the loss. */
  | ({ kind: "gap" } & Gap)
  /** The stream was deleted and made anew; its entries follow from its start. */
  | { kind: "reset" }
  /** The ids that follow are ahead of Redis's clock; told once, and again only after ids that are not. */
  | { kind: "ahead"; aheadMs: number }
  /** Retried after `retryInMs`; slowly where `remedy` names what an operator has to fix first. */
  | { kind: "disconnected"; reason: string; attempt: number; retryInMs: number; remedy?: Remedy }

const RETRY_FIRST_MS = 100
/** Together with the time to connect, a server that has come back is read within five seconds. */
const RETRY_SLOWEST_MS = 3_000
const RETRY_REFUSED_MS = 5_000
/** After so many reads that found nothing it is asked whether another server has taken this one's place: every five seconds. */
const ASKED_EVERY = 3
/** A live stream ends a blocking read at every entry: after one look, this long is left for more to gather. */
export const GATHER_MS = 10

/** Follows stream `key`, as `StreamFollower` does. Throws DeckError("invalid") at the first step for a malformed URL. */
export async function* followStream(
  target: RedisTarget,
  key: string,
  start: StreamStart,
  signal: AbortSignal,
  gatherMs = GATHER_MS,
): AsyncGenerator<StreamEvent> {
  yield* new StreamFollower(target, key, start, signal, gatherMs).events()
}

/** Quick at first: most outages are a restart or a dropped connection. */
const backoff = (attempt: number) => Math.min(RETRY_SLOWEST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1))

/**
 * Follower of a stream: yields each entry once and in order, or its loss with its size. Nothing is read ahead of the
 * consumer, so Redis keeps what a slow one has yet to read, and the position moves only when it asks for more. Failures
 * are events, never errors; it ends when `signal` fires. One connection at a time, the ledger kept over all of them. The
 * constructor throws DeckError("invalid") for a malformed URL.
 */
export class StreamFollower {
  private readonly endpoint: Endpoint
  private readonly key: string
  private readonly start: StreamStart
  private readonly signal: AbortSignal
  private readonly gatherMs: number
  private ledger: StreamLedger | undefined
  private readonly clock = new StreamClock()

  constructor(target: RedisTarget, key: string, start: StreamStart, signal: AbortSignal, gatherMs = GATHER_MS) {
    this.endpoint = readEndpoint(target)
    this.key = key
    this.start = start
    this.signal = signal
    this.gatherMs = gatherMs
  }

  /** Accounts of what the consumer has: of the events before the one it holds. Undefined until the first connection. */
  get state(): LedgerState | undefined {
    return this.ledger?.state
  }

  async *events(): AsyncGenerator<StreamEvent> {
    const { endpoint, signal } = this
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        for await (const event of this.connected()) {
          if (signal.aborted) return
          attempt = 1
          yield event
        }
      } catch (error) {
        if (signal.aborted) return
        const failure = explain(error, endpoint.address)
        const retryInMs = failure.remedy ? RETRY_REFUSED_MS : backoff(attempt)
        const retryAt = performance.now() + retryInMs
        yield { kind: "disconnected", ...failure, attempt, retryInMs }
        await delay(Math.max(0, retryAt - performance.now()), undefined, { signal }).catch(() => {})
      }
    }
  }

  /** Connects and yields events until the connection fails; throws the reason. */
  private async *connected(): AsyncGenerator<StreamEvent> {
    const session = await StreamSession.open(this.endpoint, this.key, this.signal)
    try {
      this.ledger ??= new StreamLedger(this.start, await session.info(), session.server)
      const { ledger, clock } = this
      await compare(session, ledger)
      let snapshot = await this.read(session, ledger, false)
      const isBehind = snapshot.count > 0 && { isBehind: true as const }
      yield { kind: "connected", after: ledger.cursor, now: clock.now, ...isBehind }
      for (let idle = 1; ; ) {
        const caughtUp = yield* this.take(snapshot, session, ledger)
        snapshot = await this.read(session, ledger, caughtUp)
        if (!caughtUp || snapshot.count > 0) continue
        yield { kind: "idle", now: clock.now, exists: snapshot.info.exists }
        if (idle++ % ASKED_EVERY === 0 && (await session.isReplaced())) throw new ReplacedError()
      }
    } catch (error) {
      if (error instanceof ServerError) throw error
      const isMoved = this.endpoint.nodes !== undefined && (error as Error).message.startsWith("MOVED")
      throw new ServerError(session.address, isMoved ? new MovedError() : error)
    } finally {
      session.close()
    }
  }

  private async read(session: StreamSession, ledger: StreamLedger, wait: boolean): Promise<Snapshot> {
    const snapshot = await session.read(ledger.cursor, wait)
    this.clock.read({ server: snapshot.serverNow, host: Date.now(), steady: performance.now() })
    return snapshot
  }

  /** Yields the entries read; returns whether these were all, so that the next read may wait. */
  private async *take(
    { info, count }: Snapshot,
    session: StreamSession,
    ledger: StreamLedger,
  ): AsyncGenerator<StreamEvent, boolean> {
    const complete = count < BATCH
    const { cursor } = ledger
    const { reset, gap } = ledger.examine(info, count, complete, session.server)
    if (reset) {
      this.clock.restart()
      yield { kind: "reset" }
    }
    const current = ledger.cursor === cursor
    if (gap) {
      yield { kind: "gap", ...gap }
      ledger.writeOff(gap, info)
    }
    for (let left = count; left > 0; ) {
      const entries = await session.entries(left)
      left -= entries.length
      if (!current) continue
      for (const event of this.stamped(entries, left === 0 && complete)) {
        yield event
        if (event.kind === "entries") ledger.deliver(event.entries)
      }
    }
    if (current && complete) {
      ledger.settle(info)
      this.clock.readToEnd()
    }
    if (count > 0 && complete) await delay(this.gatherMs, undefined, { signal: this.signal })
    return current && complete
  }

  /** Yields `entries` with their times, the last of them as all there are; before those that are ahead, that they are. */
  private *stamped(entries: StreamEntry[], isAll: boolean): Generator<StreamEvent> {
    let from = 0
    for (let index = 0; index < entries.length; index++) {
      const aheadMs = this.clock.stamp(entries[index] as StreamEntry)
      if (aheadMs === undefined) continue
      if (index > from) yield { kind: "entries", entries: entries.slice(from, index) }
      yield { kind: "ahead", aheadMs }
      from = index
    }
    yield { kind: "entries", entries: from === 0 ? entries : entries.slice(from), ...(isAll && { isAll }) }
  }
}

/** Compares a server that is not that of the last look with what was delivered, to find where reading goes on. */
async function compare(session: StreamSession, ledger: StreamLedger): Promise<void> {
  const { server } = session
  const comparison = ledger.compare(server)
  if (comparison === undefined) return
  let now = Date.now()
  while (comparison.from !== undefined) {
    const { count, serverNow } = await session.read(comparison.from, false)
    now = serverNow ?? now
    const entries: StreamEntry[] = []
    while (entries.length < count) entries.push(...(await session.entries(count - entries.length)))
    comparison.take(entries, count < BATCH)
  }
  ledger.goOn(comparison, { server, info: await session.info(), now })
}
