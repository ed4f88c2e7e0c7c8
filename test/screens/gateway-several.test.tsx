import { expect, test } from "vitest"
import type { InspectedCopy } from "../../src/domain/gateway.ts"
import { copied, IN_SYNC, MIDDLE, openGateway, SAVED, SMALL, threshold } from "../support/gateway-screen.ts"

const SAVED_COPY = IN_SYNC.database
const EU: Partial<InspectedCopy> = { gateways: ["eu", "de"] }
const US: Partial<InspectedCopy> = {
  gateways: ["us"],
  copy: { ...SAVED_COPY, ip_mode: "direct", trusted_cidrs: ["172.16.0.0/12"], risk_reject_threshold: 0.75 },
  drift: ["ip_mode", "trusted_cidrs", "risk_reject_threshold"],
  repairable: true,
}
const AWAY: Partial<InspectedCopy> = {
  gateways: ["jp"],
  copy: null,
  unknown: {},
  trouble: "Redis at jp:6379 cannot be reached: connection refused: is it running, and is the port right?",
}
const several = (...copies: readonly Partial<InspectedCopy>[]) => ({
  inspect: async () => ({ ...IN_SYNC, ...copied(...copies) }),
})

test("gateways that all have what is saved are one line more for nobody", async () => {
  const { see, body } = openGateway(several(EU, { gateways: ["us"] }))
  await see("9 812 requests")
  expect(body().slice(0, 3)).toEqual([
    " Gateway   in sync: eu, de, us",
    "                  database               gateway's copy           proposed",
    "  mode            proxy                  proxy                    proxy",
  ])
})

test("each that differs or is away has a line, and a field says where copies differ and which", async () => {
  const { see, body } = openGateway(several(EU, US, AWAY))
  await see("9 812 requests")
  expect(body().slice(0, 13)).toMatchInlineSnapshot(`
    [
      " Gateway   ▲ drift: F repairs the copies   in sync: eu, de",
      " ▲ us  drift in 3 fields: mode, trusted CIDRs, reject at risk",
      " ▲ jp  Redis at jp:6379 cannot be reached: connection refused: is it running, and is the port right?",
      "                  database               gateway's copy           proposed",
      "  mode            proxy                  proxy                    proxy",
      "                                         direct ▲ us",
      "  trusted CIDRs   10.0.0.0/8             ▲ not us                 10.0.0.0/8",
      "                                         172.16.0.0/12 ▲ us       add a block",
      "  burst           1234                   1234                     1234",
      "  rate per minute 99                     99                       99",
      "▌ reject at risk  0.80                   0.80                     0.80",
      "                                         0.75 ▲ us",
      "  kept as it is   burst 1 234, note x",
    ]
  `)
})

test("on 80 columns too; what is cut is whole at the cursor", async () => {
  const { see, press, body } = openGateway(several(EU, { ...US, gateways: ["us-east-1"] }, AWAY), MIDDLE)
  await see("9 812 requests")
  press("k", "k", "k")
  await see("copy: 172.16.0.0/12 ▲ us-east-1")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   ▲ drift: F repairs the copies   in sync: eu, de",
      " ▲ us-east-1  drift in 3 fields: mode, trusted CIDRs, reject at risk",
      " ▲ jp         Redis at jp:6379 cannot be reached: connection refused: is it run…",
      "                  database            gateway's copy        proposed",
      "  mode            proxy               proxy                 proxy",
      "                                      direct ▲ us-east-1",
      "  trusted CIDRs   10.0.0.0/8          ▲ not us-east-1       10.0.0.0/8",
      "▌                                     172.16.0.0/12 ▲ u…    add a block",
      "                                                 copy: 172.16.0.0/12 ▲ us-east-1",
      "  burst           1234                1234                  1234",
      "  rate per minute 99                  99                    99",
      "  reject at risk  0.80                0.80                  0.80",
      "                                      0.75 ▲ us-east-1",
      "  kept as it is   burst 1 234, note x",
      "",
      " At 0.80, of 9 812 requests still held (since 14:02:29): 214 rejected, from 41",
      " addresses, 3 of signed-in users (alice 2, \\x1b[31mbob 1).",
      " Or at 0.90: 31, none signed in · 0.75: 1 408, 28 signed in",
      " What the gateway already rejects is logged with risk 0 and is not in this",
    ]
  `)
})

test("on 80 columns the title has who is away and who is in sync beside what is not saved", async () => {
  const { see, press, body } = openGateway(several(EU, AWAY), MIDDLE)
  await see("9 812 requests")
  press("enter", "\x15", "0.5", "enter")
  await see("not saved yet")
  expect(body()[0]).toBe(" Gateway   not saved yet   ▲ the copy of jp is not known   in sync: eu, de")
})

test("their states stay in sight on a small terminal, while the settings scroll below", async () => {
  const { see, press, body } = openGateway(several(EU, US, AWAY), SMALL)
  await see("9 812 requests", "▌ reject at risk")
  expect(body().slice(0, 3)).toEqual([
    " Gateway   ▲ drift: F repairs the copies   in sync: eu, de",
    " ▲ us  drift in 3 fields: mode, trusted CIDRs, reject at ri…",
    " ▲ jp  Redis at jp:6379 cannot be reached: connection refus…",
  ])
  press("g")
  await see("▌ mode", "direct ▲ us")
  expect(body()[1]).toContain("▲ us  drift in 3 fields")
})

test("so many of them that there is no room leave it to the settings", async () => {
  const many = Array.from({ length: 16 }, (_, i) => ({ ...US, gateways: [`region-${i}`] }))
  const { see, press, body } = openGateway(several(EU, ...many), SMALL)
  await see("9 812 requests", "▌ reject at risk")
  expect(body()[1]).toMatch(/database +gateway's copy/)
  press("g")
  await see("▌ mode")
})

test("members of the copies beside the settings are told by name where they are not the same", async () => {
  const { see, body } = openGateway(several(EU, { gateways: ["us"], unknown: { canary: true } }))
  await see("9 812 requests")
  expect(body().join("\n")).toContain(
    "  kept as it is   eu, de: burst 1 234, note x\n                  us: canary true",
  )
})

test("a save that one gateway did not take says where it is in force and where it is not", async () => {
  const state = { copies: several(EU, { gateways: ["us"] }), saved: {} }
  const owed = "Redis at us:6379 cannot be reached"
  const { see, press, body } = openGateway({
    inspect: async () => ({ ...(await state.copies.inspect()), ...state.saved }),
    change: async () => {
      state.copies = several(EU, { ...AWAY, gateways: ["us"], trouble: owed })
      state.saved = { database: { ...SAVED_COPY, risk_reject_threshold: 0.7 } }
      const steps = [{ what: "gateway's copy of eu, de (Redis)" }, { what: "gateway's copy of us (Redis)", owed }]
      return { ...SAVED, steps: [{ what: "reject at risk" }, ...steps] }
    },
  })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("▲ saved, not yet in force at us: R retries   in sync: eu, de", `▲ us  ${owed}`, "▌ reject at risk  0.70")
  expect(body().join("\n")).not.toContain("in force by")
})
