import { type Finding, ok, warning } from "../../domain/check.ts"
import { fewNames } from "../../domain/few-names.ts"
import { pulseOf, stuckText } from "../../domain/queue.ts"
import { spanOf } from "../../domain/span.ts"
import type { Stores } from "../operation.ts"
import { type Queue, readQueue } from "../queue.ts"
import type { Check } from "./check.ts"
import { operatorCheck } from "./operator-check.ts"

const check = (name: string, judge: (queue: Queue) => Finding): Check => ({
  area: "platform",
  name,
  after: [operatorCheck],
  async look(stores: Stores) {
    const queue = await readQueue(stores)
    return queue === undefined ? ok("not kept by this platform") : judge(queue)
  },
})

const queue = check("queue", ({ jobs }) => {
  const { ready, oldest_s, in_flight } = pulseOf(jobs, 0)
  const [lost, dead] = [jobs.reduce((sum, { lost }) => sum + lost, 0), jobs.reduce((sum, { dead }) => sum + dead, 0)]
  const says = [
    ready === 0 ? "no jobs waiting" : `${ready} ready, the oldest for ${spanOf(oldest_s * 1000)}`,
    `${in_flight} in flight`,
    ...(lost === 0 ? [] : [`${lost} lost by their worker`]),
    ...(dead === 0 ? [] : [`${dead} dead`]),
  ].join("; ")
  const stuck = stuckText(jobs)
  if (stuck === undefined) return ok(says)
  return warning(`${stuck}; ${says}`, "start a worker, with the capabilities that the jobs' worker_tags name")
})

const workers = check("workers", ({ workers, jobs }) => {
  const alive = workers.filter(({ alive }) => alive)
  const names = alive.map(({ hostname, status, load, capacity }) => {
    const draining = status === "draining" ? " (draining)" : ""
    return `${hostname} ${load} of ${capacity}${draining}`
  })
  if (alive.length > 0) return ok(`${alive.length} alive: ${fewNames(names.sort())}`)
  const [last] = workers
  const seen =
    last === undefined
      ? "none has registered"
      : `none is alive; the last was ${last.hostname}, seen ${ago(last.seen_at)}`
  const isNeeded = jobs.some(({ ready, in_flight }) => ready > 0 || in_flight > 0)
  return isNeeded || last !== undefined ? warning(seen, "start a worker: nothing runs without one") : ok(seen)
})

const ago = (time: string) => `${spanOf(Date.now() - Date.parse(time))} ago`

export const queueChecks: readonly Check[] = [queue, workers]
