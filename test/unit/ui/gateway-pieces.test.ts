import { expect, test } from "vitest"
import type { GatewayLink } from "../../../src/tail/gateway-links.ts"
import { gatewayPieces } from "../../../src/ui/screens/log/gateway-pieces.ts"

const NOW = 100_000
const live = (gateway: string, perSecond: number): GatewayLink => ({
  gateway,
  link: { state: "live", heardAt: NOW },
  perSecond,
})
const away = (gateway: string): GatewayLink => ({
  gateway,
  link: { state: "reconnecting", heardAt: NOW, reason: "Redis is away", attempt: 1, retryAt: NOW + 1_500 },
  perSecond: 0,
})
const text = (gateways: readonly GatewayLink[], columns: number) =>
  gatewayPieces(gateways, NOW, columns)
    .map(([text]) => text)
    .join("")
    .trimEnd()

test("those that are away come first, with why", () => {
  expect(text([live("eu", 212), away("us"), live("ap", 80)], 100)).toBe(
    " ▲ us reconnecting in 2s: Redis is away  ● eu 212/s  ● ap 80/s",
  )
})

test("where there is no room for why, all are named", () => {
  const reason = "Redis at us.example:6379 cannot be reached: connect ECONNREFUSED"
  const us = { ...away("us"), link: { ...away("us").link, reason } } as GatewayLink
  expect(text([live("eu", 212), us, live("ap", 80)], 70)).toBe(" ▲ us reconnecting in 2s  ● eu 212/s  ● ap 80/s")
})

test("a reason has all the room that the others leave", () => {
  const reason = "Redis at us.example:6379 cannot be reached: connection refused: is it running, and is the port right?"
  const us = { ...away("us"), link: { ...away("us").link, reason } } as GatewayLink
  const cause = "us.example:6379: connection refused: is it running, and is the port right?"
  expect(text([live("eu", 212), us], 160)).toBe(` ▲ us reconnecting in 2s: ${cause}  ● eu 212/s`)
  expect(text([live("eu", 212), us], 80)).toBe(
    " ▲ us reconnecting in 2s: us.example:6379: connection refused: is…  ● eu 212/s",
  )
})

test("one that is silent, and one without a stream, are not live", () => {
  const silent: GatewayLink = { ...live("us", 3), link: { state: "live", heardAt: NOW - 9_000 } }
  const gone: GatewayLink = { ...live("ap", 0), link: { state: "live", heardAt: NOW, isGone: true } }
  const begun: GatewayLink = { ...live("sa", 0), link: { state: "connecting" } }
  expect(text([live("eu", 1), silent, gone, begun], 100)).toBe(
    " ▲ us stale for 9s  ○ ap has no stream  ○ sa connecting  ● eu 1.0/s",
  )
})

test("where there is no room for all, the others are counted", () => {
  const many = Array.from({ length: 16 }, (_, i) => live(`gateway${i}`, 500))
  const shown = text(many, 80)
  expect(shown).toBe(" ● gateway0 500/s  ● gateway1 500/s  ● gateway2 500/s  and 13 more")
  expect(text(many, 40)).toBe(" ● gateway0 500/s  and 15 more")
})
