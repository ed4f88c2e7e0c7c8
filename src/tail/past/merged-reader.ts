import { comesBefore, type EntryOrder, entryName, orderOfName, readEntryName } from "../../domain/entry-name.ts"
import { asDeckError } from "../../domain/errors.ts"
import type { TimeTarget } from "../../domain/time-target.ts"
import { isEntry } from "../held.ts"
import type { End, From, FromOne, LogReading, Passing, PastRow, Spot, Step } from "./reading.ts"

/** Reads the logs of several gateways as one, by milliseconds, gateway, id (contract, section 10). */
export class MergedReader implements LogReading {
  private readonly readers: ReadonlyMap<string, LogReading<FromOne>>

  constructor(readers: ReadonlyMap<string, LogReading<FromOne>>) {
    this.readers = readers
  }

  get hasPast(): boolean {
    return [...this.readers.values()].some(({ hasPast }) => hasPast)
  }

  async isBehindStream(place: TimeTarget, signal: AbortSignal): Promise<boolean> {
    const target = "id" in place ? { ms: orderOfName(place.id)[0] } : place
    const answers = await Promise.all([...this.readers.values()].map(reader => reader.isBehindStream(target, signal)))
    return answers.some(isBehind => isBehind)
  }

  back(from: From, passing: Passing, signal: AbortSignal, isFar = true): AsyncGenerator<Step> {
    return this.merged(from, -1, signal, (reader, begin) => reader.back(begin, passing, signal, isFar))
  }

  on(from: From, passing: Passing, signal: AbortSignal): AsyncGenerator<Step> {
    return this.merged(from, 1, signal, (reader, begin) => reader.on(begin, passing, signal))
  }

  async spotOf(name: string, signal: AbortSignal): Promise<Spot | undefined> {
    const { gateway, id } = readEntryName(name)
    const spot = await this.readers.get(gateway)?.spotOf(id, signal)
    return spot && { ...spot, gateway }
  }

  /** Each finds it by itself, where it is read from a moment on. */
  async spotBefore(): Promise<undefined> {}

  async gaplessSince(ms: number): Promise<number | null> {
    const all = await Promise.all([...this.readers.values()].map(reader => reader.gaplessSince(ms)))
    return all.reduce((latest, one) => (latest === null || one === null ? null : Math.max(latest, one)))
  }

  private async *merged(
    from: From,
    way: 1 | -1,
    signal: AbortSignal,
    read: (reader: LogReading<FromOne>, from: FromOne) => AsyncGenerator<Step<FromOne>>,
  ): AsyncGenerator<Step> {
    const lanes = [...this.readers].flatMap(([gateway, reader]) => {
      const begin = beginOf(from, gateway)
      return begin === undefined ? [] : [new Lane(gateway, begin, read(reader, begin), way)]
    })
    const next = (): From => ({ each: new Map(lanes.flatMap(({ gateway, from }) => (from ? [[gateway, from]] : []))) })
    /** When the last row that was looked at counts: no gateway has a row left this side of it. */
    const reached = () => {
      const edges = lanes.filter(({ isOver }) => !isOver).map(({ edge }) => edge ?? Number.NaN)
      const edge = way < 0 ? Math.max(...edges) : Math.min(...edges)
      return Number.isFinite(edge) ? edge : undefined
    }
    try {
      await Promise.all(lanes.map(lane => lane.read(signal)))
      for (;;) {
        const left = lanes.filter(({ isOver }) => !isOver)
        const [first, second] = left.toSorted((one, other) => (one.isAhead(other) ? -1 : 1))
        if (first === undefined) break
        if (first.hasRows) {
          const rows = first.takeUntil(second)
          yield { rows, reached: reached(), next: next() }
        } else if (first.isStreamRead) return yield { rows: [], isStreamRead: true }
        else {
          await first.read(signal)
          const begins = way < 0 && first.isOver && left.length > 1
          const rows = begins ? [{ held: { kind: "begins", gateway: first.gateway }, spot: undefined } as const] : []
          if (!first.hasRows) yield { rows, reached: reached(), next: next() }
        }
      }
      const end = lanes.findLast(lane => lane.end !== undefined)?.end ?? { of: way < 0 ? "stream" : "now" }
      yield { rows: [], end }
    } finally {
      await Promise.all(lanes.map(lane => lane.leave()))
    }
  }
}

/** Where the log of one gateway is read from, so that nothing is read before or behind a place of another one. */
function beginOf(from: From, gateway: string): FromOne | undefined {
  if ("each" in from) return from.each.get(gateway)
  const isBack = "before" in from
  const spot = isBack ? from.before : "after" in from ? from.after : undefined
  if (spot === undefined || spot.gateway === gateway) return from
  const [ms] = orderOfName(spot.id)
  const edge = ms + (gateway < (spot.gateway ?? "") ? 1 : 0)
  return isBack ? { beforeMs: edge } : { fromMs: edge }
}

/** The log of one gateway, read a step ahead. */
class Lane {
  readonly gateway: string
  /** Where to read on behind the rows that were taken; undefined where nothing follows. */
  from: FromOne | undefined
  isStreamRead = false
  end: End | undefined
  private readonly steps: AsyncGenerator<Step<FromOne>>
  private readonly way: 1 | -1
  private rows: readonly PastRow[] = []
  private at = 0
  private behindRows: FromOne | undefined
  /** When the last row that was read counts. */
  private reached: number | undefined

  constructor(gateway: string, from: FromOne, steps: AsyncGenerator<Step<FromOne>>, way: 1 | -1) {
    this.gateway = gateway
    this.from = from
    this.steps = steps
    this.way = way
  }

  get hasRows(): boolean {
    return this.at < this.rows.length
  }

  /** When the next row counts, or the last that was looked at; undefined before any was. */
  get edge(): number | undefined {
    const next = this.rows.slice(this.at).find(({ held }) => isEntry(held))
    return next !== undefined && isEntry(next.held) ? next.held.at : this.reached
  }

  get isOver(): boolean {
    return this.end !== undefined && !this.hasRows
  }

  /** Reads a step. What fails is a row that says so, and the end of this gateway's. */
  async read(signal: AbortSignal): Promise<void> {
    try {
      const { value: step, done } = await this.steps.next()
      if (done) this.end = { of: "stream" }
      else this.take(step)
    } catch (error) {
      signal.throwIfAborted()
      this.take({ rows: [{ held: { kind: "unreachable", reason: asDeckError(error).message }, spot: undefined }] })
      this.end = { of: "stream" }
    }
    if (this.end !== undefined && this.end.of !== "now" && !this.hasRows) this.from = undefined
  }

  private take({ rows, reached, next, isStreamRead, end }: Step<FromOne>): void {
    this.rows = rows.map(row => this.named(row))
    this.at = 0
    this.reached = reached ?? this.reached
    this.end = end
    this.isStreamRead = isStreamRead ?? false
    this.behindRows = next
    if (rows.length === 0 && next !== undefined) this.from = next
  }

  private named({ held, spot }: PastRow): PastRow {
    const { gateway } = this
    if (isEntry(held)) held.gateway = gateway
    return { held: isEntry(held) ? held : { ...held, gateway }, spot: spot && { ...spot, gateway } }
  }

  /** Whether what comes next of this lane comes before what comes next of another one, in the direction of reading. */
  isAhead(other: Lane): boolean {
    const [mine, others] = [this.next, other.next]
    if (mine === undefined) return true
    if (others === undefined) return false
    return this.way < 0 ? comesBefore(others, mine) : comesBefore(mine, others)
  }

  /** The order of what comes next; undefined for what goes before all else: what lies between entries, and what was not read yet. */
  private get next(): EntryOrder | undefined {
    const row = this.rows[this.at]
    if (row !== undefined) return isEntry(row.held) ? orderOfName(entryName(row.held)) : undefined
    return this.reached === undefined ? undefined : [this.reached, this.gateway, 0]
  }

  /** Takes rows up to what comes next of another lane. */
  takeUntil(other: Lane | undefined): PastRow[] {
    const taken: PastRow[] = []
    do {
      const row = this.rows[this.at++] as PastRow
      taken.push(row)
      if (row.spot !== undefined) this.from = this.way < 0 ? { before: row.spot } : { after: row.spot }
    } while (this.hasRows && (other === undefined || this.isAhead(other)))
    if (!this.hasRows) {
      this.from = this.behindRows ?? this.from
      if (this.end !== undefined && this.end.of !== "now") this.from = undefined
    }
    return taken
  }

  async leave(): Promise<void> {
    await this.steps.return(undefined)
  }
}
