import { cleanup, render } from "ink-testing-library"
import { afterEach, describe, expect, test } from "vitest"
import { type GatewayTarget, oneGateway } from "../../src/adapters/redis/connections.ts"
import type { RecorderPulse } from "../../src/domain/record-status.ts"
import type { Replica } from "../../src/domain/replica.ts"
import { KeyMap } from "../../src/ui/keys/key-map.ts"
import type { Screen } from "../../src/ui/kit/screen.ts"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { dependenciesOf, type Health } from "../../src/ui/runtime/health.ts"
import { screens } from "../../src/ui/screens/index.ts"
import { Tabs, TopLine } from "../../src/ui/shell/frame.tsx"

afterEach(cleanup)

const tabs = (columns: number, shown: readonly Screen[] = screens, keyMap = new KeyMap()) =>
  render(<Tabs screens={shown} current="users" keyMap={keyMap} columns={columns} />).lastFrame()

test("every tab has its name, a short one on a narrow terminal", () => {
  expect([100, 80, 60].map(columns => tabs(columns)?.trimEnd())).toMatchInlineSnapshot(`
    [
      " 1 Log  2 Dashboard  3 Users  4 Runs  5 Invites  6 Referrals  7 Codes  8 E-mail  9 Gateway  0 Audit",
      " 1 Log  2 Dash  3 Users  4 Runs  5 Inv  6 Ref  7 Codes  8 Mail  9 Gate  0 Audit",
      " 1Log 2Dash 3Users 4Runs 5Inv 6Ref 7Codes 8Mail 9Gate 0Audit",
    ]
  `)
})

test("where there is no room for short names either, the current tab alone has its name", () => {
  const narrow = tabs(50)
  expect(narrow?.replace("Users ", "").trim().split(/ +/)).toEqual(screens.map(({ tabKey }) => tabKey))
})

test("any key can be that of a tab, and the operator's own is shown in its place", () => {
  const eleventh = { ...(screens.at(-1) as Screen), id: "queue", title: "Queue", tabKey: "ctrl-q" }
  const own = new KeyMap({ label: "keys", value: { "everywhere.Users": "U" } })
  expect(tabs(120, [...screens, eleventh], own)).toMatch(/ U Users .* \^Q Queue/)
})

describe("the top line", () => {
  const all = dependenciesOf({ api: { url: "redis://a" }, gateways: oneGateway({ url: "redis://b" }) })
  const well = all.map(one => ({ ...one, pulse: { ms: 1 } }))
  const apiDown = well.map(one => (one.store === "api" ? { ...one, pulse: { trouble: "refused" } } : one))
  const top = (
    readOnly: "profile" | undefined,
    environment: string,
    columns: number,
    health = well as Health,
    recorder?: RecorderPulse,
    replica?: Replica,
  ) => {
    const guard = new ChangeGuard({ environment, ...(readOnly && { readOnly }) }, async () => {})
    guard.heed(replica)
    const now = Date.parse("2026-11-22T14:02:31Z")
    return render(<TopLine {...{ guard, health, recorder, now, columns }} operator="alice" />).lastFrame()
  }

  test("says where one is and that nothing can be changed there", () => {
    expect(top("profile", "PROD-EU", 80)).toMatchInlineSnapshot(
      `" opsdeck  PROD-EU   read-only   alice  ● pg  ● redis api  ● redis gw  14:02:31Z"`,
    )
    expect(top(undefined, "staging", 60)).toMatchInlineSnapshot(
      `" opsdeck  staging                                 14:02:31Z"`,
    )
  })

  test("says that PostgreSQL is a replica, beside what the operator chose", () => {
    const line = (readOnly: "profile" | undefined) =>
      top(readOnly, "PROD-EU", 80, well, undefined, { lagS: 3, follows: null })
    expect([line(undefined), line("profile")]).toMatchInlineSnapshot(`
      [
        " opsdeck  PROD-EU   replica     alice  ● pg  ● redis api  ● redis gw  14:02:31Z",
        " opsdeck  PROD-EU   read-only  replica                                14:02:31Z",
      ]
    `)
  })

  test("says whether the log is recorded, at every width where it is not", () => {
    const line = (columns: number, recorder: RecorderPulse) => top(undefined, "staging", columns, well, recorder)
    const recorded = { recording: true, lag_s: 3, never: [] }
    const behind = { recording: true, lag_s: 250, never: [] }
    const stopped = { recording: false, lag_s: 7_500, never: [] }
    expect([160, 80].map(columns => line(columns, recorded))).toMatchInlineSnapshot(`
      [
        " opsdeck  staging                                                           alice  ● pg 1ms    ● redis api 1ms    ● redis gw 1ms    ● rec  2026-11-22 14:02:31Z",
        " opsdeck  staging        alice  ● pg  ● redis api  ● redis gw  ● rec  14:02:31Z",
      ]
    `)
    expect([100, 80, 60].map(columns => line(columns, behind))).toMatchInlineSnapshot(`
      [
        " opsdeck  staging                         alice  ● pg  ● redis api  ● redis gw  ▲ rec 4m  14:02:31Z",
        " opsdeck  staging     alice  ● pg  ● redis api  ● redis gw  ▲ rec 4m  14:02:31Z",
        " opsdeck  staging                       ▲ rec 4m  14:02:31Z",
      ]
    `)
    expect([120, 80, 60].map(columns => line(columns, stopped))).toMatchInlineSnapshot(`
      [
        " opsdeck  staging    alice  ● pg 1ms    ● redis api 1ms    ● redis gw 1ms    ▲ rec stopped 2h ago  2026-11-22 14:02:31Z",
        " opsdeck  staging       ● pg  ● redis api  ● redis gw  ▲ rec stopped  14:02:31Z",
        " opsdeck  staging                  ▲ rec stopped  14:02:31Z",
      ]
    `)
    const lacking = { recording: false, lag_s: 2, never: ["us", "ap"] }
    expect([120, 80, 60].map(columns => line(columns, lacking))).toMatchInlineSnapshot(`
      [
        " opsdeck  staging    alice  ● pg 1ms    ● redis api 1ms    ● redis gw 1ms    ▲ rec never of us +1  2026-11-22 14:02:31Z",
        " opsdeck  staging     ● pg  ● redis api  ● redis gw  ▲ rec not us +1  14:02:31Z",
        " opsdeck  staging                ▲ rec not us +1  14:02:31Z",
      ]
    `)
  })

  test("stands still while the round trips take now longer and now less", () => {
    const line = (columns: number, ms: number) =>
      top(
        undefined,
        "PROD-EU",
        columns,
        well.map(one => ({ ...one, pulse: { ms } })),
      )
    const marksIn = (text: string | undefined) =>
      [...(text ?? "").matchAll(/[●▲]|alice|14:/g)].map(({ index }) => index)
    for (const columns of [160, 100, 80, 60])
      for (const ms of [1, 9.6, 45, 350, 999.7, 2345])
        expect(marksIn(line(columns, ms)), `${ms} on ${columns}`).toEqual(marksIn(line(columns, 2)))
    expect([line(100, 2), line(100, 45), line(100, 2345)].map(text => text?.slice(34, 70))).toMatchInlineSnapshot(`
      [
        " 2ms    ● redis api 2ms    ● redis g",
        " 45ms   ● redis api 45ms   ● redis g",
        " 2.3s   ● redis api 2.3s   ● redis g",
      ]
    `)
  })

  test("names what is down at every width", () => {
    for (const columns of [160, 100, 80, 60])
      for (const name of ["PROD-EU", "a-database-with-a-long-name.eu-central-1.example.com"])
        expect(top("profile", name, columns, apiDown)).toContain("▲ redis api down  ")
    expect(top(undefined, "staging", 100, apiDown)).toMatchInlineSnapshot(
      `" opsdeck  staging       alice  ● pg 1ms    ▲ redis api down  ● redis gw 1ms    2026-11-22 14:02:31Z"`,
    )
  })

  test("has one mark for several gateways, and names the first that is down at every width", () => {
    const region = (i: number): GatewayTarget => ({ name: `region-${i}`, redis: { url: `redis://r${i}` } })
    const others = Array.from({ length: 15 }, (_, i) => region(i + 1))
    const health = dependenciesOf({ api: { url: "redis://a" }, gateways: [region(0), ...others] })
    const line = (columns: number, ...down: string[]) =>
      top(
        undefined,
        "staging",
        columns,
        health.map(one => ({
          ...one,
          pulse: down.includes(one.gateways[0] ?? "") ? { trouble: "refused" } : { ms: 1 },
        })),
      )
    expect([
      line(80),
      line(100, "region-4"),
      ...[80, 60].map(columns => line(columns, "region-4", "region-7")),
    ]).toMatchInlineSnapshot(`
      [
        " opsdeck  staging               alice  ● pg  ● redis api  ● redis gw  14:02:31Z",
        " opsdeck  staging            alice  ● pg 1ms    ● redis api 1ms    ▲ redis region-4 down  14:02:31Z",
        " opsdeck  staging        ● pg  ● redis api  ▲ redis region-4 +1 down  14:02:31Z",
        " opsdeck  staging       ▲ redis region-4 +1 down  14:02:31Z",
      ]
    `)
  })

  test("says so however long the name is", () => {
    expect(top("profile", "a-database-with-a-long-name.eu-central-1.example.com", 60)).toMatchInlineSnapshot(
      `" opsdeck  a-database-with-a-long-na…   read-only  14:02:31Z"`,
    )
  })
})
