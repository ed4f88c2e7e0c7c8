import { useRef } from "react"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { linkIsStale } from "../../../tail/link.ts"
import type { TailSnapshot } from "../../../tail/protocol.ts"
import { sparkline } from "../../widgets/chart.ts"
import { age, duration, grouped, percent, rate, timeOfDay } from "../../widgets/format.ts"
import { Line, type Piece, piece, piecesWidth, spread } from "../../widgets/line.tsx"
import type { LogState } from "./log-state.ts"

interface HeaderProps {
  readonly snapshot: TailSnapshot
  readonly state: LogState
  /** A place is being looked for in the stream. */
  readonly isLooking: boolean
  readonly now: number
  readonly columns: number
}

/** Draws the state of the log: connection trouble, paused or live, in this order of priority. */
export function LogHeader({ snapshot, state, isLooking, now, columns }: HeaderProps) {
  const figures = useCalmFigures(snapshot, now)
  const trouble = troublePieces(snapshot, now, columns)
  if (trouble) return <Line pieces={trouble} columns={columns} />
  if (isLooking) return <Line pieces={lookingPieces(snapshot, columns)} columns={columns} />
  if (!state.following) return <Line pieces={pausedPieces(snapshot, state, columns)} columns={columns} />
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

function troublePieces({ link }: TailSnapshot, now: number, columns: number): Piece[] | undefined {
  if (link.state === "connecting") return [piece(shown` ○ connecting to Redis`, "look")]
  if (link.state === "reconnecting") {
    const wait = Math.max(0, Math.ceil((link.retryAt - now) / 1000))
    const last = link.heardAt === null ? shown`` : shown` · last heard of ${age(now - link.heardAt)} ago`
    const when = wait === 0 ? shown`reconnecting now` : shown`reconnecting in ${wait}s`
    const head = shown` ▲ ${when}, attempt ${link.attempt}: `
    // The age of the rows matters more than the end of the reason.
    const room = columns - width(head) - width(last)
    const reason = show(link.reason)
    return [piece(shown`${head}${width(reason) > room ? fit(reason, room) : reason}`, "act"), piece(last, "dim")]
  }
  if (!linkIsStale(link, now)) return undefined
  return [
    piece(shown` ▲ stale for ${age(now - link.heardAt)}`, "act"),
    piece(shown`: Redis has not answered since`, "dim"),
  ]
}

function lookingPieces({ older }: TailSnapshot, columns: number): Piece[] {
  const to = "lookedBackTo" in older ? older.lookedBackTo : null
  const far = to === null ? shown`` : shown` back to ${timeOfDay(to)}`
  return spread([piece(shown` ‖ looking…${far}`, "look")], [piece(shown`Esc`, "key"), piece(shown` stop `)], columns)
}

function pausedPieces(snapshot: TailSnapshot, state: LogState, columns: number): Piece[] {
  const left = [piece(shown` ‖ paused  ${newText(snapshot, state)}`, "look")]
  const { leavesInSeconds } = snapshot
  const leaves =
    leavesInSeconds === null || leavesInSeconds > 24 * 3600
      ? shown``
      : shown`; this row expires in about ${age(leavesInSeconds * 1000)}`
  const right = [piece(shown`G`, "key"), piece(shown` go live `)]
  const all = [...left, piece(leaves, "dim")]
  return spread(piecesWidth(all) + piecesWidth(right) < columns ? all : left, right, columns)
}

/** Tells what is new since the pause. Matches include markers: a loss, an alert that began. */
function newText({ filter, seen, end }: TailSnapshot, state: LogState): Shown {
  const fresh = Math.max(0, seen - state.pausedAtSeen)
  if (filter === "") return shown`${grouped(fresh)} new`
  const matching = Math.min(fresh, Math.max(0, end - state.pausedAtEnd))
  return shown`${grouped(fresh)} new, ${grouped(matching)} match`
}

const SHARES = [
  ["2xx", "good"],
  ["3xx", "dim"],
  ["4xx", "look"],
  ["5xx", "act"],
] as const

function livePieces(snapshot: TailSnapshot, columns: number): Piece[] {
  const { filter, statistics } = snapshot
  const { perSecond, shares, p50, p95 } = statistics
  const bars = columns >= 120 ? 30 : columns >= 100 ? 20 : 10
  const live = piece(shown` ● live`, "good")
  const state = [live, piece(shown`  ${rate(perSecond)} `)]
  const stateOfAll = [live, piece(shown`  all`, "dim"), piece(shown` ${rate(perSecond)} `)]
  const graph = [piece(sparkline(statistics.sparkline, bars), "key"), GAP]
  const classes = SHARES.flatMap(([name, tone]): Piece[] => {
    const share = shares[name]
    return [piece(shown` ${show(name)} `, "dim"), piece(percent(share), share > 0 ? tone : "dim")]
  })
  const percentiles = [
    piece(shown`   p50 `, "dim"),
    piece(duration(p50)),
    piece(shown`  p95 `, "dim"),
    piece(duration(p95)),
  ]
  const figures = [[...graph, ...classes, ...percentiles], [...classes, ...percentiles], classes]
  // The word `all` yields to figures.
  const heads = filter === "" ? [state] : [stateOfAll, state]
  const narrowest = [...state, ...classes]
  const count = matchText(snapshot)
  const withOlder = shown`${count}${olderText(snapshot)}`
  const right = piecesWidth(narrowest) + width(withOlder) < columns ? withOlder : count
  const left = figures
    .flatMap(more => heads.map(head => [...head, ...more]))
    .find(pieces => piecesWidth(pieces) + width(right) + 1 < columns)
  return left ? spread(left, [piece(shown`${right} `, "dim")], columns) : narrowest
}

const GAP = piece(shown` `)

const matchText = ({ filter, matching, held }: TailSnapshot): Shown =>
  filter === "" ? shown`${grouped(held)} held` : shown`${grouped(matching)} of ${grouped(held)} match`

/** Tells how many older pages are loaded beyond the ring. */
function olderText({ start, end, matching }: TailSnapshot): Shown {
  const older = end - start - matching
  return older === 0 ? shown`` : shown`, ${grouped(older)} older`
}
