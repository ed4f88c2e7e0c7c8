import { expect, test } from "vitest"
import { StreamEntry } from "../../../src/domain/stream-entry.ts"
import { GatewayLinks } from "../../../src/tail/gateway-links.ts"

const entryOf = (gateway: string, ms: number) => Object.assign(StreamEntry.from(`${ms}-0`, []), { gateway })

test("the rate of a gateway is of its last ten seconds, whatever comes late from it", () => {
  const links = new GatewayLinks(["eu", "us"])
  for (let n = 0; n < 20; n++) {
    links.take({ kind: "entries", entries: [entryOf("eu", 15_000), entryOf("us", 15_500), entryOf("eu", 9_000)] })
  }
  const rates = (nowMs: number) => links.each(nowMs).map(({ gateway, perSecond }) => [gateway, perSecond])
  expect(rates(15_900)).toEqual([
    ["eu", 4],
    ["us", 2],
  ])
  expect(rates(19_900)).toEqual([
    ["eu", 2],
    ["us", 2],
  ])
})
