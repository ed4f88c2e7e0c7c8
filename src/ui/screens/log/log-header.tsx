import { useRef } from "react"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { steadied, stepOfSpan } from "../../../domain/steady.ts"
import { linkIsStale } from "../../../tail/link.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import { sparkline } from "../../widgets/chart.ts"
import { age, causeText, duration, grouped, percent, rate, timeOfDay } from "../../widgets/format.ts"
import { Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import { SHARES, sharePiece } from "../shared/share-piece.ts"
import type { LogState } from "./log-state.ts"
import { pastPieces } from "./past-text.ts"

interface HeaderProps {
  readonly snapshot: TailSnapshot
  readonly state: LogState
  /** A place is being looked for in the stream. */
  readonly isLooking: boolean
  /** The stream does not exist. */
  readonly isMissing: boolean
  /** A field has the keyboard: letters are text. */
  readonly isTyping: boolean
  readonly now: number
  readonly columns: number
}

/** Draws the state of the log: connection trouble, paused or live, in this order of priority. */
export function LogHeader({ snapshot, state, isLooking, isMissing, isTyping, now, columns }: HeaderProps) {
  const figures = useCalmFigures(snapshot, now)
  const leavesInSeconds = useSteadySpan(snapshot.leavesInSeconds)
  const trouble = troublePieces(snapshot, now, columns)
  if (trouble) return <Line pieces={trouble} columns={columns} />
  if (isMissing)
    return <Line pieces={[piece(shown` ○ waiting for the stream to be created`, "look")]} columns={columns} />
  if (isLooking) return <Line pieces={lookingPieces(snapshot, columns)} columns={columns} />
  const paused = () => pausedPieces({ ...snapshot, ...calmOf(figures), leavesInSeconds }, state, isTyping, columns)
  if (snapshot.past)
    return <Line pieces={pastPieces(snapshot, state.cursor, { now, isTyping, columns })} columns={columns} />
  if (!state.following) return <Line pieces={paused()} columns={columns} />
  return <Line pieces={livePieces(figures, columns)} columns={columns} />
}

/** Holds the figures for a second, since nobody can read ten changes a second. */
function useCalmFigures(snapshot: TailSnapshot, now: number): TailSnapshot {
  const kept = useRef({ snapshot, now })
  const { generation, scanned, held } = kept.current.snapshot
  const isOther = generation !== snapshot.generation || scanned !== snapshot.scanned || held === 0
  if (isOther || kept.current.now !== now) kept.current = { snapshot, now }
  return kept.current.snapshot
}

/** Holds a span in seconds, coarsely, until it is clearly another one. */
function useSteadySpan(seconds: number | null): number | null {
  const shown = useRef<number>(undefined)
  shown.current = seconds === null ? undefined : Math.max(SHORTEST_S, steadied(seconds, stepOfSpan, shown.current))
  return shown.current ?? null
}

const SHORTEST_S = 10

const calmOf = ({ statistics, matchStatistics, timeline, matchTimeline }: TailSnapshot) => ({
  statistics,
  matchStatistics,
  timeline,
  matchTimeline,
})

function troublePieces({ link, held }: TailSnapshot, now: number, columns: number): Piece[] | undefined {
  if (link.state === "connecting") return [piece(shown` ○ connecting to Redis`, "look")]
  if (link.state === "reconnecting") {
    const wait = Math.max(0, Math.ceil((link.retryAt - now) / 1000))
    const last = link.heardAt === null ? shown`` : shown` · last contact ${age(now - link.heardAt)} ago`
    const when = wait === 0 ? shown`reconnecting now` : shown`reconnecting in ${wait}s`
    const head = shown` ▲ ${when}, attempt ${link.attempt}: `
    // The age of the rows matters more than the end of the reason.
    const room = columns - width(head) - width(last)
    const reason = causeText(link.reason)
    return [piece(shown`${head}${width(reason) > room ? fit(reason, room) : reason}`, "act"), piece(last, "dim")]
  }
  if (!linkIsStale(link, now)) {
    return link.isGone && held > 0 ? [piece(shown` ▲ the stream was deleted`, "act"), piece(WAITING, "dim")] : undefined
  }
  return [
    piece(shown` ▲ stale for ${age(now - link.heardAt)}`, "act"),
    piece(shown`: Redis has not answered since`, "dim"),
  ]
}

const WAITING = shown`; waiting for it to be made again`

function lookingPieces({ older }: TailSnapshot, columns: number): Piece[] {
  const to = "lookedBackTo" in older ? older.lookedBackTo : null
  const far = to === null ? shown`` : shown` back to ${timeOfDay(to)}`
  return spread([piece(shown` ‖ looking…${far}`, "look")], [piece(shown`Esc`, "key"), piece(shown` stop `)], columns)
}

/** From then on that a row expires matters more than figures do. */
const SOON_S = 300

function pausedPieces(snapshot: TailSnapshot, state: LogState, isTyping: boolean, columns: number): Piece[] {
  const left = [piece(shown` ‖ paused  ${newText(snapshot, state)}`, "look")]
  const { leavesInSeconds } = snapshot
  const leaves =
    leavesInSeconds === null || leavesInSeconds > 24 * 3600
      ? shown``
      : shown`; this row expires in about ${age(leavesInSeconds * 1000)}`
  const right = isTyping ? [] : [piece(shown`G`, "key"), piece(shown` go live `)]
  const expiry = piece(leaves, "dim")
  const figures = figuresOf(snapshot, columns).map(pieces => [GAP, GAP, ...pieces])
  const isSoon = leavesInSeconds !== null && leavesInSeconds < SOON_S
  const texts = [
    ...figures.map(pieces => [...left, expiry, ...pieces]),
    ...(isSoon ? [] : figures.map(pieces => [...left, ...pieces])),
    [...left, expiry],
  ]
  const fits = (pieces: readonly Piece[]) => piecesWidth(pieces) + piecesWidth(right) < columns
  return spread(texts.find(fits) ?? left, right, columns)
}

/** Tells what is new since the pause. Matches include markers: a loss, an alert that began. */
function newText({ filter, seen, newest }: TailSnapshot, state: LogState): Shown {
  const fresh = Math.max(0, seen - state.pausedAtSeen)
  if (filter === "") return shown`${grouped(fresh)} new`
  const matching = Math.min(fresh, Math.max(0, newest - state.pausedAtNewest))
  return shown`${grouped(fresh)} new, ${grouped(matching)} match`
}

/** Draws the figures of what matches, beside them dim those of everything, as far as there is room. */
function livePieces(snapshot: TailSnapshot, columns: number): Piece[] {
  const live = piece(shown` ● live  `, "good")
  const figures = figuresOf(snapshot, columns).map(pieces => [live, ...pieces])
  const narrowest = figures.at(-1) as Piece[]
  const count = matchText(snapshot)
  const withOlder = shown`${count}${olderText(snapshot)}`
  const right = piecesWidth(narrowest) + width(withOlder) < columns ? withOlder : count
  // How many are held is missed less than how long requests take.
  const rights = snapshot.filter === "" ? [right, shown``] : [right]
  const choices = figures.flatMap(left => (left === narrowest ? [right] : rights).map(text => ({ left, text })))
  const fitting = choices.find(({ left, text }) => piecesWidth(left) + width(text) + 1 < columns)
  return fitting ? spread(fitting.left, [piece(shown`${fitting.text} `, "dim")], columns) : narrowest
}

/** The rate of now, and figures of the last minute, the longest text first: with those of everything, then fewer, then without these. */
function figuresOf(snapshot: TailSnapshot, columns: number): Piece[][] {
  const { matchStatistics } = snapshot
  const bars = columns >= 120 ? 30 : 10
  const own = partsOf(snapshot, bars)
  const rateOfAll = rateOf(snapshot)
  const all = [
    withAll(snapshot, bars),
    withAll(snapshot, undefined),
    [...rateOfAll, IN_MINUTE, ...own.classes, ...own.percentiles],
    [...rateOfAll, IN_MINUTE, ...own.classes],
  ]
  return [
    ...(matchStatistics === null ? [] : all),
    [...own.rate, IN_MINUTE, ...own.graph, ...own.classes, ...own.percentiles],
    [...own.rate, IN_MINUTE, ...own.classes, ...own.percentiles],
    [...own.rate, IN_MINUTE, ...own.classes],
    [...own.rate, ...own.classes],
  ]
}

function partsOf(snapshot: TailSnapshot, bars: number) {
  const statistics = snapshot.matchStatistics ?? snapshot.statistics
  const { perSecond, p50, p95, sparkline: counts } = statistics
  const timeline = snapshot.matchTimeline ?? snapshot.timeline
  return {
    rate: [piece(shown`${rate(perSecond)} `)],
    graph: [GAP, piece(sparkline(counts, bars), "key"), GAP],
    classes: SHARES.flatMap(at => [piece(shown` ${show(at[0])} `, "dim"), sharePiece(statistics, timeline, at)]),
    percentiles: [
      piece(shown`   p50 `, "dim"),
      piece(duration(p50)),
      piece(shown`  p95 `, "dim"),
      piece(duration(p95)),
    ],
  }
}

/** Draws `12/s of 214/s`. */
const rateOf = ({ statistics, matchStatistics }: TailSnapshot): Piece[] => [
  piece(rate((matchStatistics ?? statistics).perSecond)),
  piece(shown` of ${rate(statistics.perSecond)} `, "dim"),
]

const ofAll = (text: Shown): Piece => piece(shown` (${text})`, "dim")

/** Draws `12/s of 214/s  2xx 50% (91%) ... p50 12ms (42ms)`; a graph only where `bars` says so. */
function withAll(snapshot: TailSnapshot, bars: number | undefined): Piece[] {
  const { statistics, matchStatistics } = snapshot
  const own = matchStatistics ?? statistics
  return [
    ...rateOf(snapshot),
    IN_MINUTE,
    ...(bars === undefined ? [] : [GAP, piece(sparkline(own.sparkline, bars), "key"), GAP]),
    ...SHARES.flatMap(at => [
      piece(shown` ${show(at[0])} `, "dim"),
      sharePiece(own, snapshot.matchTimeline ?? snapshot.timeline, at),
      ofAll(percent(statistics.shares[at[0]])),
    ]),
    piece(shown`  p50 `, "dim"),
    piece(duration(own.p50)),
    ofAll(duration(statistics.p50)),
    piece(shown`  p95 `, "dim"),
    piece(duration(own.p95)),
    ofAll(duration(statistics.p95)),
  ]
}

const GAP = piece(shown` `)

/** What stands behind it is of the last minute. */
const IN_MINUTE = piece(shown` in 1m`, "dim")

const matchText = ({ filter, matching, held }: TailSnapshot): Shown =>
  filter === "" ? shown`${grouped(held)} held` : shown`${grouped(matching)} of ${grouped(held)} match`

/** Tells how many older pages are loaded beyond the ring. */
function olderText({ start, end, matching }: TailSnapshot): Shown {
  const older = end - start - matching
  return older === 0 ? shown`` : shown`, ${grouped(older)} older`
}
