import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { GatewayLink } from "../../../tail/gateway-links.ts"
import { isDown, linkIsStale } from "../../../tail/link.ts"
import { age, rate } from "../../widgets/format.ts"
import { type Piece, piece, piecesWidth } from "../../widgets/line.tsx"

/**
 * Draws several gateways in a row, those in trouble first, with why where there is room for all:
 * ` ▲ us reconnecting in 2s  ● eu 212/s  ● ap 80/s`.
 */
export function gatewayPieces(gateways: readonly GatewayLink[], now: number, columns: number): Piece[] {
  const inTrouble = gateways.filter(({ link }) => isDown(link, now))
  const ordered = [...inTrouble, ...gateways.filter(one => !inTrouble.includes(one))]
  const whole = ordered.flatMap(gateway => [...piecesOf(gateway, now), ...reasonOf(gateway)])
  if (piecesWidth(whole) < columns) return whole
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

/** A reason takes no more room than that beside the others. */
const REASON = 44

const reasonOf = ({ link }: GatewayLink): Piece[] =>
  link.state === "reconnecting" ? [piece(shown`${cut(show(link.reason))} `, "dim")] : []

const cut = (reason: Shown) => (width(reason) > REASON ? fit(reason, REASON) : reason)

const moreText = (count: number): Shown => shown` and ${count} more`

function piecesOf({ gateway, link, perSecond }: GatewayLink, now: number): Piece[] {
  const name = show(gateway)
  if (link.state === "connecting") return [piece(shown` ○ ${name} connecting `, "look")]
  if (link.state === "reconnecting") {
    const wait = Math.max(0, Math.ceil((link.retryAt - now) / 1_000))
    const when = wait === 0 ? shown`reconnecting` : shown`reconnecting in ${wait}s`
    return [piece(shown` ▲ ${name} ${when} `, "act")]
  }
  if (linkIsStale(link, now)) return [piece(shown` ▲ ${name} stale for ${age(now - link.heardAt)} `, "act")]
  if (link.isGone) return [piece(shown` ○ ${name} has no stream `, "look")]
  return [piece(shown` ● `, "good"), piece(shown`${name} `), piece(shown`${rate(perSecond)} `, "dim")]
}
