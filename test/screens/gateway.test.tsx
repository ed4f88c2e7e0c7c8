import { describe, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { GatewayInspection } from "../../src/domain/gateway.ts"
import { later, preview } from "../support/fake-changes.ts"
import { copied, IN_SYNC, MIDDLE, openGateway, SMALL, STANDING, threshold } from "../support/gateway-screen.ts"

test("three columns, what each change means, and whom the threshold would hit", async () => {
  const { see, press, body } = openGateway()
  await see("9 812 requests")
  press("g", "right", "a", "172.16.0.1/12", "enter", "a", "10.0.0.0", "enter", ...threshold("0.7"), "enter")
  await see("At 0.70", "0.70   ")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   not saved yet   ▲ drift: F repairs the gateway's copy",
      "                  database               gateway's copy           proposed",
      "  mode            proxy                  proxy                    cdn                    after a gateway restart",
      "  trusted CIDRs   10.0.0.0/8             10.0.0.0/8               10.0.0.0/8",
      "                                                                + 172.16.0.1/12          means 172.16.0.0/12",
      "                                                                + 10.0.0.0               must be a CIDR block,",
      "                                                                                         like 10.0.0.0/8 or",
      "                                                                                         2001:db8::/32: this",
      "                                                                                         address alone is",
      "                                                                                         10.0.0.0/32",
      "                                                                  add a block            after a gateway restart",
      "  burst           1234                   1234                     1234",
      "  rate per minute 99                     99                       99",
      "▌ reject at risk  0.80                   0.75 ▲ drift             0.70                   within 30 s",
      "  kept as it is   burst 1 234, note x",
      "",
      " At 0.70, of 9 812 requests still held (since 14:02:29): 214 rejected, from 41 addresses, 3 of signed-in users",
      " (alice 2, \\x1b[31mbob 1).",
      " Or at 0.90: 31, none signed in · 0.75: 1 408, 28 signed in · 0.66: 2 113, 91 signed in",
      " What the gateway already rejects is logged with risk 0 and is not in this count.",
      " Last changed 14:01:58 by second: risk_reject_threshold (bots).",
    ]
  `)
})

test("with 80 columns what it means stands below", async () => {
  const { see, press, body } = openGateway({}, MIDDLE)
  await see("9 812 requests")
  press("k", "k", "k", "k", "delete", ...threshold("0"))
  await see("At 0.00 nothing is rejected")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   not saved yet   ▲ drift: F repairs the gateway's copy",
      "                  database            gateway's copy        proposed",
      "  mode            proxy               proxy                 proxy",
      "  trusted CIDRs   10.0.0.0/8          10.0.0.0/8          - 10.0.0.0/8",
      "                                                            add a block",
      "                                                         after a gateway restart",
      "                           an empty list falls back to the gateway's environment",
      "  burst           1234                1234                  1234",
      "  rate per minute 99                  99                    99",
      "▌ reject at risk  0.80                0.75 ▲ drift          0",
      "                                                            within 30 s",
      "                  0 switches rejection off, whatever the gateway's environment",
      "                  says",
      "  kept as it is   burst 1 234, note x",
      "",
      " At 0.00 nothing is rejected.",
      " Last changed 14:01:58 by second: risk_reject_threshold (bots).",
    ]
  `)
})

test("a copy that holds much else pushes the count out of sight no more than a few names do", async () => {
  const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key ${i}`, "x".repeat(200)]))
  const { see } = openGateway({ inspect: async () => ({ ...IN_SYNC, ...copied({ unknown }) }) }, MIDDLE)
  await see("key 5", "994 more", "9 812 requests")
})

test("on the smallest terminal the cursor is in sight, at the end with what the threshold does", async () => {
  const { see, press, body } = openGateway({}, SMALL)
  await see("9 812 requests", "▌ reject at risk")
  await see("▌ reject at risk")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   ▲ drift: F repairs the gateway's copy",
      "                  database      gateway's copy  proposed",
      "▌ reject at risk  0.80          0.75 ▲ drift    0.80",
      "  kept as it is   burst 1 234, note x",
      "",
      " At 0.80, of 9 812 requests still held (since 14:02:29):",
      " 214 rejected, from 41 addresses, 3 of signed-in users",
      " (alice 2, \\x1b[31mbob 1).",
      " Or at 0.90: 31, none signed in · 0.75: 1 408, 28 signed in",
      " What the gateway already rejects is logged with risk 0 and",
    ]
  `)
  press("g", "a", "2001:db8:1234:5678:9abc:def0:1234:5678/128")
  await see("5678/128", "+ ")
})

test("what cannot be read says so, in the column and in words", async () => {
  const { see, body } = openGateway({
    inspect: async () => ({
      ...STANDING,
      ...copied({
        copy: null,
        unknown: {},
        drift: ["ip_mode", "trusted_cidrs", "risk_reject_threshold"],
        repairable: true,
        garbled: ["ip_mode", "trusted_cidrs", "risk_reject_threshold"],
      }),
      garbled: ["ip_mode"],
      unreadable: ['the database: ip_mode cannot be read: "magic"', "the gateway's copy is no JSON object"],
    }),
  })
  await see("9 812 requests")
  expect(body().slice(0, 9)).toMatchInlineSnapshot(`
    [
      " Gateway   ▲ drift: F repairs the gateway's copy",
      " ▲ the database: ip_mode cannot be read: "magic"",
      " ▲ the gateway's copy is no JSON object",
      "                  database               gateway's copy           proposed",
      "  mode            cannot be read         cannot be read ▲         (left as it is)",
      "  trusted CIDRs   10.0.0.0/8             cannot be read ▲         10.0.0.0/8",
      "                                                                  add a block",
      "  burst           1234                   -                        1234",
      "  rate per minute 99                     -                        99",
    ]
  `)
})

test("where Redis cannot be asked the copy is not known, and that is no drift", async () => {
  const trouble = "Redis (gateway) cannot be reached"
  const { see, lines } = openGateway({ inspect: async () => ({ ...IN_SYNC, ...copied({ copy: null, trouble }) }) })
  await see(`▲ ${trouble}`, "not known")
  expect(lines().join()).not.toContain("drift")
})

test("a row that cannot be read is no drift that a key repairs", async () => {
  const { see, press, lines } = openGateway({
    inspect: async () => ({
      ...IN_SYNC,
      ...copied({ drift: ["ip_mode"] }),
      garbled: ["ip_mode"],
      unreadable: ['the database: ip_mode cannot be read: "magic"'],
    }),
  })
  await see("Gateway   ▲ what the database says cannot be read")
  expect(lines().join()).not.toContain("F fix drift")
  press("F")
  expect(lines().join()).not.toContain("Repair")
})

test("what is typed before anything is read is for the field that did not open: it switches to no other screen", async () => {
  const reading = later<GatewayInspection>()
  const { see, press, lines } = openGateway({ inspect: () => reading.promise })
  await see("reading the gateway's settings")
  press("G", "enter", "\x15", "0.72", "backspace", "enter")
  await see("edit: nothing is read yet")
  reading.resolve(STANDING)
  await see("9 812 requests", "▌ reject at risk  0.80")
  expect(lines().join()).not.toContain("not saved yet")
})

test("a failure to read is told", async () => {
  const { see } = openGateway({ inspect: () => Promise.reject(new DeckError("internal", "no such table")) })
  await see("▲ no such table")
})

describe("what no row says", () => {
  const UNSAID: GatewayInspection = {
    ...IN_SYNC,
    database: { ip_mode: "proxy" },
    ...copied({ copy: { ip_mode: "proxy", risk_reject_threshold: 0 }, drift: ["risk_reject_threshold"] }),
    sources: {
      ip_mode: "row",
      trusted_cidrs: "env",
      risk_reject_threshold: "copy",
      rate_limit_capacity: "unset",
      rate_limit_per_minute: "unset",
    },
  }

  test("is not made up: each value says where it comes from", async () => {
    const { see, body } = openGateway({ inspect: async () => UNSAID }, { columns: 140, rows: 25 })
    await see("the gateway's copy says what no row says")
    expect(body().slice(1, 9)).toMatchInlineSnapshot(`
      [
        "                  database                    gateway's copy                proposed",
        "  mode            proxy                       proxy                         proxy",
        "  trusted CIDRs   -                           -                             add a block                 environment: 10.0.0.0/8",
        "  burst           -                           -                             -                           not set here",
        "  rate per minute -                           -                             -                           not set here",
        "▌ reject at risk  -                           0.00 ▲ drift                  -                           the copy counts, over the gateway's",
        "                                                                                                        environment: I removes it",
        "  kept as it is   burst 1 234, note x",
      ]
    `)
  })

  test("is set by typing it, also where it is what the platform does by itself", async () => {
    const { see, press, change } = openGateway({ inspect: async () => UNSAID })
    await see("▌ reject at risk")
    press(...threshold("0"), "enter", "ctrl-s")
    await see("What happens", "Save")
    press("tab", "tab", "enter")
    await see("✓ reject at risk")
    expect(change).toHaveBeenCalledWith(
      expect.anything(),
      { risk_reject_threshold: 0 },
      expect.objectContaining({ seen: { risk_reject_threshold: undefined } }),
    )
  })

  test("follows the gateway's environment again by I, and where it does so already that says so", async () => {
    const previewed = vi.fn(async () => preview({ title: "Change the gateway's settings" }))
    const { see, press } = openGateway({ inspect: async () => UNSAID, preview: previewed })
    await see("▌ reject at risk")
    press("I")
    await see("Remove")
    expect(previewed).toHaveBeenCalledWith(expect.anything(), { inherit: ["risk_reject_threshold"] }, expect.anything())
    press("esc")
    press("k", "I")
    await see("the gateway's environment applies already")
  })
})
