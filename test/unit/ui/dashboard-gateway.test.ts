import { expect, test } from "vitest"
import type { TailSnapshot } from "../../../src/tail/protocol.ts"
import { gatewayPieces } from "../../../src/ui/screens/dashboard/dashboard-gateway.ts"
import { STATISTICS } from "../../support/statistics.ts"

const NOW = Date.parse("2026-11-22T14:02:30Z")
const BARS = 60

/** The tone of each share of the last minute, after ten minutes in which 6 % were refused and 1 % failed. */
function tones(shares: Partial<typeof STATISTICS.shares>) {
  const timeline = {
    from: NOW - BARS * 10_000,
    barMs: 10_000,
    ok: Array(BARS).fill(93),
    refused: Array(BARS).fill(6),
    failed: Array(BARS).fill(1),
  }
  const statistics = { ...STATISTICS, shares: { ...STATISTICS.shares, ...shares } }
  const tail = { link: { state: "live", heardAt: NOW }, gateways: [], statistics, timeline } as unknown as TailSnapshot
  const pieces = gatewayPieces(tail, NOW, 100)
  const after = (name: string) => pieces[pieces.findIndex(([text]) => text.trim() === name) + 1]?.[1]
  return { refused: after("4xx"), failed: after("5xx") }
}

test("the gateway's shares are yellow and red only where they are unusual", () => {
  expect(tones({})).toEqual({ refused: "plain", failed: "plain" })
  expect(tones({ "4xx": 0.3 })).toEqual({ refused: "look", failed: "plain" })
  expect(tones({ "5xx": 0.1 })).toEqual({ refused: "plain", failed: "act" })
  expect(tones({ "4xx": 0, "5xx": 0 })).toEqual({ refused: "dim", failed: "dim" })
})
