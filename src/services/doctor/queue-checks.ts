import { type Finding, ok, warning } from "../../domain/check.ts"
import { fewNames } from "../../domain/few-names.ts"
import { spanOf } from "../../domain/span.ts"
import type { Stores } from "../operation.ts"
import { type JobCounts, type Queue, readQueue } from "../queue.ts"
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
  const sum = (of: (counts: JobCounts) => number) => jobs.reduce((total, counts) => total + of(counts), 0)
  const [ready, lost, dead] = [sum(({ ready }) => ready), sum(({ lost }) => lost), sum(({ dead }) => dead)]
  const oldest = Math.max(...jobs.map(({ oldest_ready_s }) => oldest_ready_s ?? 0))
  const says = [
    ready === 0 ? "no jobs waiting" : `${ready} ready, the oldest for ${spanOf(oldest * 1000)}`,
    `${sum(({ in_flight }) => in_flight)} in flight`,
    ...(lost === 0 ? [] : [`${lost} lost by their worker`]),
    ...(dead === 0 ? [] : [`${dead} dead`]),
  ].join("; ")
  const stuck = jobs.filter(({ stuck }) => stuck > 0)
  if (stuck.length === 0) return ok(says)
  const which = stuck.map(({ job_type, stuck }) => `${job_type} ${stuck}`).join(", ")
  return warning(
    `${sum(({ stuck }) => stuck)} stuck: no worker alive can take them (${which}); ${says}`,
    "start a worker, with the capabilities that the jobs' worker_tags name",
  )
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
