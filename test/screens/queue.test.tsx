import { cleanup } from "ink-testing-library"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { Queue } from "../../src/domain/queue.ts"
import { queueScreen } from "../../src/ui/screens/queue/queue-screen.tsx"
import { NOW, openDashboard } from "../support/dashboard-screen.ts"
import { openConsole, opening } from "../support/test-console.tsx"

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const QUEUE: Queue = {
  jobs: [
    { job_type: "email.send", ready: 0, oldest_ready_s: null, stuck: 0, in_flight: 0, lost: 0, dead: 2 },
    { job_type: "run.\u202eexecute", ready: 1204, oldest_ready_s: 190.5, stuck: 4, in_flight: 12, lost: 1, dead: 0 },
  ],
  workers: [
    worker("worker-1", { load: 3, alive: true }),
    worker("worker-2", { status: "draining", alive: true }),
    worker("worker-3", { seen_at: "2026-11-22T13:50:00Z" }),
    worker("worker-4", { status: "dead", seen_at: "2026-11-20T14:02:20Z" }),
  ],
}

function worker(hostname: string, more: Partial<Queue["workers"][number]>): Queue["workers"][number] {
  const seen_at = "2026-11-22T14:02:20Z"
  return {
    worker_id: hostname,
    hostname,
    version: "1.8.2",
    status: "active",
    load: 0,
    capacity: 4,
    seen_at,
    alive: false,
    ...more,
  }
}

const open = (answer: object, columns = 100) => {
  const screen = opening(shell => shell.open("queue", undefined))
  return openConsole([screen], { run: async () => answer }, { columns, rows: 24 })
}

test("jobs by type and the workers", async () => {
  const { press, see, body } = open({ ...QUEUE, kept: true })
  press("o")
  await see("Jobs by type", "as of")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Queue                                                                               as of 14:02:30",
      "",
      "   stuck            4: no worker alive can take them",
      "   ready            1 204, the oldest waits 3m       in flight        12",
      "   workers alive    2",
      "",
      " Jobs by type",
      "   TYPE                                READY  OLDEST    STUCK IN FLIGHT    LOST     DEAD",
      "   email.send                              -       -        -         -       -        2",
      "   run.\\u202eexecute                   1 204      3m        4        12       1        -",
      "",
      " Workers, last seen first",
      "   HOST                 STATE          LOAD LAST SEEN        VERSION",
      "   worker-1             active       3 of 4 11-22 14:02  10s 1.8.2",
      "   worker-2             draining     0 of 4 11-22 14:02  10s 1.8.2",
      "   worker-3             silent       0 of 4 11-22 13:50  13m 1.8.2",
      "   worker-4             dead         0 of 4 11-20 14:02   2d 1.8.2",
    ]
  `)
})

test("on a narrow terminal the lost and the dead go first", async () => {
  const { press, see, body } = open({ ...QUEUE, kept: true }, 60)
  press("o")
  await see("Jobs by type", "as of")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Queue                                       as of 14:02:30",
      "",
      "   stuck            4: no worker alive can take them",
      "   ready            1 204, the oldest waits 3m",
      "   in flight        12",
      "   workers alive    2",
      "",
      " Jobs by type",
      "   TYPE                  READY  OLDEST    STUCK IN FLIGHT",
      "   email.send                -       -        -         -",
      "   run.\\u202eexecute     1 204      3m        4        12",
      "",
      " Workers, last seen first",
      "   HOST                 STATE          LOAD LAST SEEN",
      "   worker-1             active       3 of 4 11-22 14:02  10s",
      "   worker-2             draining     0 of 4 11-22 14:02  10s",
      "   worker-3             silent       0 of 4 11-22 13:50  13m",
      "   worker-4             dead         0 of 4 11-20 14:02   2d",
    ]
  `)
})

test("the palette opens it by its name; a platform without a queue is said to have none", async () => {
  const { press, see } = open({ jobs: [], workers: [], kept: false })
  press(":")
  press(..."queue")
  await see(queueScreen.summary)
  press("enter")
  await see("Queue  not kept by this platform", "none has registered")
})

test("the dashboard has its line where there is a queue, and Enter leads to it", async () => {
  const { line, see, press, queue } = openDashboard()
  await see("150.0 G")
  expect(line("Queue")).toBeUndefined()
  queue.states.set({ ready: 1204, oldest_s: 190, stuck: 4, in_flight: 12, alive: 1 })
  await see("▲ 4 stuck  1 204 ready, oldest 3m  12 in flight  1 worker alive")
  press("j")
  await see("▌Queue")
  press("enter")
  await see("Queue  not kept by this platform")
})
