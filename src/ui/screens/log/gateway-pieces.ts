import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { GatewayLink } from "../../../tail/gateway-links.ts"
import { isDown, linkIsStale } from "../../../tail/link.ts"
import { age, causeText, rate } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth } from "../../widgets/line.tsx"

/**
 * Draws several gateways in a row, those in trouble first, with why where there is room for all:
 * ` ▲ us reconnecting in 2s: us.example:6379: connection refused  ● eu 212/s  ● ap 80/s`.
 */
export function gatewayPieces(gateways: readonly GatewayLink[], now: number, columns: number): Piece[] {
  const inTrouble = gateways.filter(({ link }) => isDown(link, now))
  const ordered = [...inTrouble, ...gateways.filter(one => !inTrouble.includes(one))]
  const broken = ordered.filter(({ link }) => link.state === "reconnecting").length
  const free = columns - 1 - piecesWidth(ordered.flatMap(gateway => piecesOf(gateway, now)))
  const room = Math.floor(free / Math.max(1, broken)) - 2
  if (free >= 0 && (broken === 0 || room >= LEAST_REASON))
    return ordered.flatMap(gateway => [...piecesOf(gateway, now, shown`:`), ...reasonOf(gateway, room)])
  const drawn: Piece[] = []
  for (const [index, gateway] of ordered.entries()) {
    const next = piecesOf(gateway, now)
    const left = ordered.length - index
    const room = columns - (left > 1 ? width(moreText(left - 1)) : 0)
    if (piecesWidth([...drawn, ...next]) >= room) return [...drawn, piece(moreText(left), "dim")]
    drawn.push(...next)
  }
  return drawn
}

/** Columns of a reason from which on it says something. */
const LEAST_REASON = 24

const reasonOf = ({ link }: GatewayLink, room: number): Piece[] =>
  link.state === "reconnecting" ? [piece(shown`${cut(causeText(link.reason), room)} `, "dim")] : []

const cut = (reason: Shown, room: number) => (width(reason) > room ? fit(reason, room) : reason)

const moreText = (count: number): Shown => shown` and ${count} more`

/** Draws a gateway; `before` is what leads to the reason. */
function piecesOf({ gateway, link, perSecond }: GatewayLink, now: number, before = shown``): Piece[] {
  const name = show(gateway)
  if (link.state === "connecting") return [piece(shown` ○ ${name} connecting `, "look")]
  if (link.state === "reconnecting") {
    const wait = Math.max(0, Math.ceil((link.retryAt - now) / 1_000))
    const when = wait === 0 ? shown`reconnecting` : shown`reconnecting in ${wait}s`
    return [piece(shown` ▲ ${name} ${when}${before} `, "act")]
  }
  if (linkIsStale(link, now)) return [piece(shown` ▲ ${name} stale for ${age(now - link.heardAt)} `, "act")]
  if (link.isGone) return [piece(shown` ○ ${name} has no stream `, "look")]
  return [piece(shown` ● `, "good"), piece(shown`${name} `), piece(shown`${rate(perSecond)} `, "dim")]
}
