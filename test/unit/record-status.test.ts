import { expect, it } from "vitest"
import { pulseOf, recordStatusOf } from "../../src/domain/record-status.ts"

const state = {
  recording: true,
  since: "2026-11-30T03:00:00Z",
  newest: "2026-11-30T12:00:00Z",
  lag_s: 1,
  bytes: 10,
  entries: 5,
  gaps: 1,
  lost: 2,
  trouble: null,
}

it("is of the one gateway as it is, without its name", () => {
  expect(recordStatusOf([{ gateway: "", ...state }])).toEqual(state)
})

it("is of several since all of them are held, as far behind as the furthest, and recorded where each is", () => {
  const eu = { gateway: "eu", ...state }
  const us = { ...eu, gateway: "us", since: "2026-11-30T04:00:00Z", newest: "2026-11-30T11:00:00Z", lag_s: 80 }
  const both = { since: us.since, newest: eu.newest, lag_s: 80, bytes: 20, entries: 10, gaps: 2, lost: 4 }
  expect(recordStatusOf([eu, us])).toEqual({ ...state, ...both, gateways: [eu, us] })
  const stopped = { ...us, recording: false, trouble: "the disk is full" }
  expect(recordStatusOf([eu, stopped])).toMatchObject({ recording: false, trouble: "us: the disk is full" })
})

it("is not recorded where one never was", () => {
  const never = { ...state, recording: false, since: null, newest: null, lag_s: null, entries: 0 }
  const status = recordStatusOf([
    { gateway: "eu", ...state },
    { gateway: "us", ...never },
  ])
  expect(status).toMatchObject({ recording: false, since: null, newest: state.newest, lag_s: 1 })
  expect(pulseOf(status)).toEqual({ recording: false, lag_s: 1, never: ["us"] })
  expect(pulseOf(recordStatusOf([{ gateway: "us", ...never }]))).toBeUndefined()
})
