import { type Place, placeOf } from "../../adapters/history/history-row.ts"
import { type From as HistoryFrom, isAt, isBack } from "../../adapters/history/pages.ts"
import type { HistoryStore, Held as Recorded } from "../../adapters/history/store.ts"
import { LOWEST_ID, orderOfIds, previousId } from "../../adapters/redis/stream-ids.ts"
import type { StreamInfo } from "../../adapters/redis/stream-info.ts"
import { asDeckError } from "../../domain/errors.ts"
import { stampBack } from "../../domain/stream-clock.ts"
import { HIGHEST_SEQ, type StreamEntry } from "../../domain/stream-entry.ts"
import type { TimeTarget } from "../../domain/time-target.ts"
import type { Seam } from "../../services/history/seam.ts"
import type { Held } from "../held.ts"
import { holeBetween, rowsOfHistory } from "./history-rows.ts"
import type { FromOne, LogReading, Passing, PastRow, Spot, Step as StepOf } from "./reading.ts"

/** The stream as it is stored, and its history. */
export interface PastSource {
  /** Reads the stream on behind an id, oldest first, to its present end. */
  readOn(after: string, signal: AbortSignal): AsyncIterable<StreamEntry[]>
  info(signal: AbortSignal): Promise<StreamInfo>
  /** Where the history ends, and what is missing between it and the stream. */
  seam(held: Recorded, signal: AbortSignal): Promise<Seam>
  readonly history: HistoryStore
}

type From = FromOne
type Step = StepOf<From>
type ReadBack = (before: string, signal: AbortSignal) => AsyncIterable<StreamEntry[]>

/** Rows asked of the engine at once. */
const PAGE = 200

/** Above every entry. */
const ABOVE_ALL = `${HIGHEST_SEQ}-${HIGHEST_SEQ}`

/** Reads the log of one gateway. */
export class LogReader implements LogReading<FromOne> {
  private readonly readBack: ReadBack
  private readonly past: PastSource | undefined

  /** Without `past` there is the stream alone, and what is behind. */
  constructor(readBack: ReadBack, past: PastSource | undefined) {
    this.readBack = readBack
    this.past = past
  }

  /** Whether anything but the stream can be read. */
  get hasPast(): boolean {
    return this.past !== undefined
  }

  async isBehindStream(place: TimeTarget, signal: AbortSignal): Promise<boolean> {
    const info = await this.past?.info(signal).catch(() => undefined)
    if (info?.firstId === undefined || (await this.past?.history.newest().catch(() => undefined)) === undefined)
      return false
    return "id" in place ? orderOfIds(place.id, info.firstId) < 0 : place.ms < msOf(info.firstId)
  }

  async *back(from: From, passing: Passing, signal: AbortSignal, isFar = true): AsyncGenerator<Step> {
    const spot = "before" in from ? from.before : { id: "beforeMs" in from ? `${from.beforeMs}-0` : ABOVE_ALL }
    const resets = ("before" in from && from.resets) || 0
    let oldest = "before" in from ? spot.id : undefined
    let at = ("before" in from ? from.at : undefined) ?? Number.POSITIVE_INFINITY
    if (spot.epoch === undefined && resets === 0) {
      for await (const entries of this.readBack(spot.id, signal)) {
        at = stampBack(entries, at)
        oldest = entries.at(-1)?.id ?? oldest
        yield { ...inStream(entries, passing), next: { before: { id: oldest ?? spot.id }, at } }
      }
    }
    const { past } = this
    if (past === undefined) return yield { rows: [], end: { of: "stream" } }
    if (!(await past.history.exists())) return yield { rows: [], end: { of: "stream", why: NOTHING_RECORDED } }
    if (!isFar) return yield { rows: [], isStreamRead: true }
    try {
      const newest = await past.history.newest()
      if (newest === undefined) return yield { rows: [], end: { of: "stream", why: NOTHING_RECORDED } }
      if (spot.epoch !== undefined) return yield* this.historyBack(from as HistoryFrom, passing, signal)
      const seam = await past.seam(newest, signal)
      const { info, isAnother } = seam
      const epoch = (isAnother ? newest.epoch + 1 : newest.epoch) - resets
      const hole = isAnother || resets > 0 || oldest === undefined ? undefined : holeBetween(seam, oldest)
      const between = isAnother && resets === 0 && info.exists ? ({ kind: "reset" } as const) : hole
      const start = oldest === undefined ? from : { before: { epoch, id: oldest } }
      const isAcross = oldest !== undefined || isInStream({ fromMs: msOf(spot.id) }, info)
      if (isAcross) yield { rows: [...rowIf(between), await this.seam(msOf(oldest ?? spot.id))], next: start }
      yield* this.historyBack(start as HistoryFrom, passing, signal)
    } catch (error) {
      signal.throwIfAborted()
      yield { rows: [], end: { of: "stream", why: asDeckError(error).message } }
    }
  }

  async *on(from: From, passing: Passing, signal: AbortSignal): AsyncGenerator<Step> {
    const { past } = this
    if (past === undefined) return yield { rows: [], end: { of: "now" } }
    if (isInStream(from, await past.info(signal))) return yield* this.streamOn(past, beginIn(from), passing, signal)
    let start: HistoryFrom = historyFrom(from, (await past.history.newest())?.epoch ?? 0)
    let file: string | undefined
    for (let read: string | undefined; ; ) {
      const newest = await past.history.newest()
      if (newest === undefined) return yield* this.streamOn(past, LOWEST_ID, passing, signal)
      const { cursor } = newest.position
      const seam = await past.seam(newest, signal)
      const { isAnother, info } = seam
      const { firstId } = info
      const isHole = !isAnother && firstId !== undefined && orderOfIds(cursor, firstId) < 0
      // What was read already reaches as far as the history does, or as far as the stream begins.
      if (read !== undefined && (read === cursor || !isHole)) {
        const hole = isHole ? holeBetween(seam, firstId) : undefined
        const between = isAnother ? (info.exists ? ({ kind: "reset" } as const) : undefined) : hole
        const behind = isAnother ? LOWEST_ID : read
        yield { rows: [await this.seam(msOf(read)), ...rowIf(between)], next: { after: { id: behind } } }
        return yield* this.streamOn(past, behind, passing, signal)
      }
      for await (const step of this.historyPages(start, passing, signal)) {
        const isNewer = ({ spot }: PastRow) => spot?.epoch === newest.epoch && orderOfIds(spot.id, cursor) > 0
        file = step.next?.file
        yield { ...step, rows: step.rows.filter(row => !isNewer(row)) }
      }
      read = cursor
      start = { after: { epoch: newest.epoch, id: read, isEvent: true }, file }
    }
  }

  async spotOf(id: string, signal: AbortSignal): Promise<Spot | undefined> {
    if (await this.holdsFrom(id, signal)) return { id }
    return this.newestOf({ before: undefined }, sql => isAt(id, sql), signal)
  }

  async spotBefore(ms: number, signal: AbortSignal): Promise<Spot | undefined> {
    if (await this.holdsFrom(`${ms}-0`, signal)) return undefined
    return this.newestOf({ beforeMs: ms }, () => "1 = 1", signal)
  }

  /** Whether the stream holds everything from an id on. */
  private async holdsFrom(id: string, signal: AbortSignal): Promise<boolean> {
    const { firstId } = (await this.past?.info(signal)) ?? {}
    return firstId !== undefined && orderOfIds(firstId, id) <= 0
  }

  private async newestOf(from: HistoryFrom, where: Passing["where"], signal: AbortSignal): Promise<Spot | undefined> {
    const { history } = this.past ?? {}
    if (history === undefined) return undefined
    const request = { from, where: where(history.dialect), entriesOnly: true, limit: 1 } as const
    for await (const { rows, file } of history.pages(request, signal)) {
      const [row] = rows
      if (row) return { ...placeOf(row), file }
    }
    return undefined
  }

  async gaplessSince(ms: number): Promise<number | null> {
    return (await this.past?.history.gaplessSince(ms)) ?? null
  }

  private async seam(ms: number): Promise<PastRow> {
    return { held: { kind: "seam", since: await this.gaplessSince(ms) }, spot: undefined }
  }

  private async *historyBack(from: HistoryFrom, passing: Passing, signal: AbortSignal): AsyncGenerator<Step> {
    yield* this.historyPages(from, passing, signal)
    yield { rows: [], end: { of: "history" } }
  }

  private async *historyPages(from: HistoryFrom, { where }: Passing, signal: AbortSignal): AsyncGenerator<Step> {
    const history = this.past?.history as HistoryStore
    for (let next: HistoryFrom | undefined = from; next !== undefined; ) {
      let start: HistoryFrom = next
      next = undefined
      for await (const step of history.pages({ from: start, where: where(history.dialect), limit: PAGE }, signal)) {
        const rows = rowsOfHistory(step)
        const place = rows.at(-1)?.spot as Place | undefined
        if (place !== undefined) start = isBack(from) ? { before: place } : { after: place }
        start = { ...start, file: step.isWhole ? step.file : start.file }
        if (!step.isWhole) next = start
        yield { rows, reached: step.isWhole ? step.reached : undefined, next: start as From }
      }
    }
  }

  private async *streamOn(
    past: PastSource,
    after: string,
    passing: Passing,
    signal: AbortSignal,
  ): AsyncGenerator<Step> {
    for await (const entries of past.readOn(after, signal)) {
      yield { ...inStream(entries, passing), next: { after: { id: entries.at(-1)?.id ?? after } } }
    }
    yield { rows: [], end: { of: "now" } }
  }
}

const NOTHING_RECORDED = "nothing recorded; opsdeck record keeps what it drops"

const rowIf = (held: Held | undefined): PastRow[] => (held === undefined ? [] : [{ held, spot: undefined }])

const msOf = (id: string) => Number(id.split("-")[0])

const inStream = (entries: readonly StreamEntry[], { passes }: Passing): Step => ({
  rows: entries.filter(passes).map(held => ({ held, spot: { id: held.id } })),
  reached: entries.at(-1)?.at,
})

/** Whether the stream holds everything from there on. */
function isInStream(from: From, { firstId }: StreamInfo): boolean {
  if (firstId === undefined) return false
  if ("fromMs" in from) return msOf(firstId) <= from.fromMs
  return "after" in from && from.after.epoch === undefined && orderOfIds(firstId, from.after.id) <= 0
}

/** The id behind which the stream is read on. */
function beginIn(from: From): string {
  if ("fromMs" in from) return from.fromMs <= 0 ? LOWEST_ID : `${Math.ceil(from.fromMs) - 1}-${HIGHEST_SEQ}`
  const { id } = (from as { after: Spot }).after
  return (from as { inclusive?: boolean }).inclusive ? previousId(id) : id
}

const historyFrom = (from: From, epoch: number): HistoryFrom =>
  "after" in from ? { ...from, after: { epoch, ...from.after } } : (from as HistoryFrom)
