import { expect, test } from "vitest"
import { IdleTimer } from "../../../src/ui/runtime/idle.ts"

/** A clock that goes on when it is told to. */
function handClock() {
  let now = 0
  let pending: { at: number; work: () => void } | undefined
  return {
    clock: {
      now: () => now,
      after: (ms: number, work: () => void) => {
        const mine = { at: now + ms, work }
        pending = mine
        return () => {
          if (pending === mine) pending = undefined
        }
      },
    },
    pass(ms: number) {
      const until = now + ms
      while (pending !== undefined && pending.at <= until) {
        const { at, work } = pending
        pending = undefined
        now = at
        work()
      }
      now = until
    },
    /** The host sleeps: time goes on, timers do not. */
    sleep(ms: number) {
      now += ms
      if (pending) pending.at += ms
    },
    /** Somebody sets the host's clock; timers do not mind. */
    setBack(ms: number) {
      now -= ms
      if (pending) pending.at -= ms
    },
    isWound: () => pending !== undefined,
  }
}

function wound(ms: number) {
  const time = handClock()
  const rung = { times: 0, returns: 0 }
  const idle = new IdleTimer(
    ms,
    () => rung.times++,
    () => rung.returns++,
    time.clock,
  )
  return { ...time, idle, rung }
}

test("rings once when nothing was touched for the time, and again only after another touch", () => {
  const { pass, rung, idle } = wound(100)
  pass(99)
  expect(rung.times).toBe(0)
  pass(1)
  expect(rung.times).toBe(1)
  pass(1000)
  expect(rung).toEqual({ times: 1, returns: 0 })
  idle.touch()
  expect(rung.returns).toBe(1)
  pass(100)
  expect(rung.times).toBe(2)
})

test("does not ring while somebody is there", () => {
  const { pass, rung, idle } = wound(100)
  for (let key = 0; key < 10; key++) {
    pass(60)
    idle.touch()
  }
  expect(rung.times).toBe(0)
  pass(100)
  expect(rung.times).toBe(1)
})

test("a host that slept was left alone: the first touch rings, once", () => {
  const { pass, sleep, rung, idle } = wound(100)
  sleep(5000)
  idle.touch()
  expect(rung.times).toBe(1)
  pass(99)
  expect(rung.times).toBe(1)
})

test("a clock that was set back puts it off by one more time at most", () => {
  const { pass, setBack, rung } = wound(100)
  pass(50)
  setBack(5000)
  pass(150)
  expect(rung.times).toBe(1)
})

test("is never wound where the time is 0, nor once it is stopped", () => {
  const never = wound(0)
  never.idle.touch()
  expect(never.isWound()).toBe(false)
  const stopped = wound(100)
  stopped.idle.stop()
  expect(stopped.isWound()).toBe(false)
})
