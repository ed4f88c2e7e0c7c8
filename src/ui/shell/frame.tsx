import { isTroubled, type RecorderPulse } from "../../domain/record-status.ts"
import { fit, type Shown, show, shown } from "../../domain/safe-text.ts"
import { type Chord, chordLabel } from "../keys/chord.ts"
import type { KeyMap } from "../keys/key-map.ts"
import { badge } from "../kit/badge.ts"
import type { Screen, Size } from "../kit/screen.ts"
import type { ChangeGuard } from "../runtime/change-guard.ts"
import { type Dependency, type Health, inBrief, isDown } from "../runtime/health.ts"
import { useStore } from "../runtime/use-store.ts"
import { age, day, timeOfDay } from "../widgets/format.ts"
import { cutPieces, Line, type Piece, piece, piecesWidth, spread } from "../widgets/line.tsx"
import { zone, zoneMark } from "../widgets/zone.ts"

/** Rows of the frame: top line, tabs, rule; rule, keys. */
export const FRAME_ROWS = 5
/** First row of the body on the terminal, from 0. */
export const BODY_FROM = 3
export const LEAST: Size = { columns: 60, rows: 15 }

/** Draws a line across the screen, which begins with `notice`. */
export function Rule({ columns, notice = [] }: { columns: number; notice?: readonly Piece[] }) {
  const cut = cutPieces(notice, columns)
  const rest = piece("─".repeat(columns - piecesWidth(cut)) as Shown, "dim")
  return <Line pieces={[...cut, rest]} columns={columns} />
}

/** Columns beside a long environment name, for read-only mark and clock. */
const BESIDE_NAME = 34
/** Columns that the environment's name keeps whatever is down. */
const LEAST_NAME = 8

/** Draws whether the operator may change anything, unless that is the normal case. */
function accessPieces(guard: ChangeGuard): Piece[] {
  if (guard.isLocked) return [piece(shown`  read-only`, "look")]
  return guard.isUnlocked ? [piece(shown` `), piece(shown` unlocked `, "badge-red")] : []
}

/**
 * Draws environment, operator, health and clock. On a narrow screen the date goes first, then the times of the round
 * trips, then the operator, then what is well.
 */
export function TopLine(props: {
  guard: ChangeGuard
  operator: string | undefined
  health: Health
  /** The recorder of the log; nothing is said where there is no history. */
  recorder?: RecorderPulse | null | undefined
  /** What is held at the gateway. */
  holding?: readonly Piece[]
  now: number
  columns: number
}) {
  const { guard, operator, recorder, holding = [], now, columns } = props
  const health = inBrief(props.health)
  useStore(guard.states)
  useStore(zone)
  const pulses = [...health.flatMap(one => pulsePieces(one, true)), ...recorderPieces(recorder, true)]
  const brief = [...health.flatMap(one => pulsePieces(one, false)), ...recorderPieces(recorder, false)]
  const unwell = [
    ...health.filter(isDown).flatMap(one => pulsePieces(one, false)),
    ...(recorder && isTroubled(recorder) ? recorderPieces(recorder, false) : []),
  ]
  const standing = [...(guard.replica ? [piece(shown`  replica`, "look")] : []), ...holding]
  const [name, tone] = badge(guard, Math.max(LEAST_NAME, columns - BESIDE_NAME - piecesWidth([...unwell, ...standing])))
  const left = [piece(shown` opsdeck `, "strong"), piece(shown` ${name} `, tone), ...accessPieces(guard), ...standing]
  const who = operator === undefined ? [] : [piece(shown`${show(operator)}  `)]
  const time = piece(shown`${timeOfDay(now)}${show(zoneMark(now))} `, "dim")
  const date = piece(shown`${day(new Date(now).toISOString())} `, "dim")
  const right = [
    [...who, ...pulses, date, time],
    [...who, ...pulses, time],
    [...who, ...brief, time],
    [...brief, time],
    [...unwell, time],
  ].find(pieces => piecesWidth(left) + piecesWidth(pieces) + 2 <= columns) ?? [...unwell, time]
  return <Line pieces={spread(left, right, columns)} columns={columns} />
}

function pulsePieces({ mark, pulse }: Dependency, isWhole: boolean): Piece[] {
  if (pulse === null) return [piece(shown`○ ${mark}  `, "dim")]
  if ("trouble" in pulse) return [piece(shown`▲ ${mark} down  `, "act")]
  return [piece(shown`● `, "good"), piece(isWhole ? shown`${mark} ${roundTrip(pulse.ms)}  ` : shown`${mark}  `)]
}

/** Columns of a round trip's time, so that what stands beside it does not move as it changes. */
const ROUND_TRIP = 5

function roundTrip(ms: number): Shown {
  const whole = Math.round(ms)
  return fit(show(whole < 1000 ? `${whole}ms` : `${(ms / 1000).toFixed(1)}s`), ROUND_TRIP)
}

/** Tells whether the log is recorded; in few words where there is little room. */
function recorderPieces(pulse: RecorderPulse | null | undefined, isWhole: boolean): Piece[] {
  if (!pulse) return []
  if (!isTroubled(pulse)) return [piece(shown`● `, "good"), piece(shown`rec  `)]
  const [never, ...others] = pulse.never
  if (never !== undefined) {
    const names = show(others.length === 0 ? never : `${never} +${others.length}`, 64)
    return [piece(isWhole ? shown`▲ rec never of ${names}  ` : shown`▲ rec not ${names}  `, "look")]
  }
  const behind = age(pulse.lag_s * 1000)
  if (pulse.recording) return [piece(isWhole ? shown`▲ rec ${behind} behind  ` : shown`▲ rec ${behind}  `, "look")]
  return [piece(isWhole ? shown`▲ rec stopped ${behind} ago  ` : shown`▲ rec stopped  `, "look")]
}

/** Blanks of a tab: before its key, between key and name, and after the name. */
type TabBlanks = readonly [before: Shown, between: Shown, after: Shown]
const AIRY: TabBlanks = [shown` `, shown` `, shown` `]
const TIGHT: TabBlanks = [shown` `, shown` `, shown``]
const DENSE: TabBlanks = [shown` `, shown``, shown``]

interface TabsProps {
  readonly screens: readonly Screen[]
  /** Id of the screen of the current tab. */
  readonly current: string
  readonly keyMap: KeyMap
  readonly columns: number
}

/** Draws the tabs with their keys: as wide as there is room, with whole names, short names, or that of the current tab alone. */
export function Tabs({ screens, current, keyMap, columns }: TabsProps) {
  const tabs = (nameOf: (screen: Screen) => string, [before, between, after]: TabBlanks) =>
    screens.flatMap((screen): Piece[] => {
      const here = screen.id === current
      const key = chordLabel(keyMap.tabKey(screen.title, screen.tabKey as Chord))
      const name = nameOf(screen)
      return [
        piece(shown`${before}${show(key)}${between}`, here ? "selected" : "key"),
        piece(name === "" ? shown`` : shown`${show(name)}${after}`, here ? "selected" : "plain"),
      ]
    })
  const short = ({ title, shortTitle = title }: Screen) => shortTitle
  const own = (screen: Screen) => (screen.id === current ? screen.title : "")
  const choices = [tabs(({ title }) => title, AIRY), tabs(short, AIRY), tabs(short, TIGHT), tabs(short, DENSE)]
  const pieces = choices.find(drawn => piecesWidth(drawn) <= columns) ?? tabs(own, AIRY)
  return <Line pieces={pieces} columns={columns} />
}

export function TooSmall({ size }: { size: Size }) {
  const text = shown`opsdeck needs ${LEAST.columns}x${LEAST.rows}; this terminal has ${size.columns}x${size.rows}`
  return <Line pieces={[piece(text, "look")]} columns={Math.max(1, size.columns)} />
}
