import { type JobCounts, pulseOf, type Queue, type Worker } from "../../../domain/queue.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { showQueue } from "../../../services/queue.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import type { Field } from "../../kit/detail/detail-fields.ts"
import { reading, tableSection } from "../../kit/detail/detail-section.ts"
import { NONE, TIME, textCell, timeCell } from "../../widgets/cells.ts"
import { age, grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"

const REFRESH_MS = 5_000

type KeptQueue = Queue & { readonly kept: boolean }

const count = (number: number, tone: Tone = "plain"): Piece => (number === 0 ? NONE : piece(grouped(number), tone))

const jobColumns: readonly Column<JobCounts>[] = [
  { header: shown`TYPE`, width: 18, roomy: 32, cell: job => textCell(job.job_type) },
  { header: shown`READY`, width: 8, align: "right", cell: job => count(job.ready) },
  {
    header: shown`OLDEST`,
    width: 7,
    align: "right",
    cell: ({ oldest_ready_s: oldest }) => (oldest === null ? NONE : piece(age(oldest * 1000))),
  },
  { header: shown`STUCK`, width: 8, align: "right", cell: job => count(job.stuck, "act") },
  { header: shown`IN FLIGHT`, width: 9, align: "right", cell: job => count(job.in_flight) },
  { header: shown`LOST`, width: 7, dropAs: 1, align: "right", cell: job => count(job.lost, "look") },
  { header: shown`DEAD`, width: 8, dropAs: 2, align: "right", cell: job => count(job.dead, "look") },
]

const workerColumns: readonly Column<Worker>[] = [
  { header: shown`HOST`, width: 20, roomy: 32, cell: worker => textCell(worker.hostname) },
  { header: shown`STATE`, width: 9, cell: stateCell },
  {
    header: shown`LOAD`,
    width: 9,
    align: "right",
    cell: ({ alive, load, capacity }) =>
      piece(shown`${grouped(load)} of ${grouped(capacity)}`, alive ? "plain" : "dim"),
  },
  { header: shown`LAST SEEN`, ...TIME, cell: (worker, room) => timeCell(worker.seen_at, room) },
  { header: shown`VERSION`, width: "rest", least: 6, dropAs: 1, cell: worker => textCell(worker.version) },
]

function stateCell({ alive, status }: Worker): Piece {
  if (!alive) return piece(status === "dead" ? shown`dead` : shown`silent`, "dim")
  return piece(show(status), status === "active" ? "good" : "look")
}

/** Screen of the queue: its jobs by type, and the workers that take them. */
export const queueScreen = defineDetail<void, KeptQueue>({
  id: "queue",
  title: "Queue",
  summary: "jobs by type, and the workers that take them",
  argument: { behind: "queue", choices: [], read: () => undefined },
  source: reading(showQueue, () => ({})),
  command: { operation: showQueue, given: () => ({}) },
  every: () => REFRESH_MS,
  name: ({ kept }) => (kept ? [] : [piece(shown`not kept by this platform`, "dim")]),
  fields: queueFields,
  sections: [
    tableSection<KeptQueue, JobCounts>({
      heading: shown`Jobs by type`,
      source: ({ jobs }) => jobs,
      empty: shown`none`,
      rowKey: job => job.job_type,
      columns: jobColumns,
    }),
    tableSection<KeptQueue, Worker>({
      heading: shown`Workers, last seen first`,
      source: ({ workers }) => workers,
      empty: shown`none has registered`,
      rowKey: worker => worker.worker_id,
      columns: workerColumns,
    }),
  ],
})

function queueFields({ jobs, workers, kept }: KeptQueue): Field[] {
  if (!kept) return []
  const alive = workers.filter(worker => worker.alive).length
  const { ready, oldest_s, stuck, in_flight } = pulseOf(jobs, alive)
  const oldest = ready === 0 ? shown`` : shown`, the oldest waits ${age(oldest_s * 1000)}`
  return [
    ...(stuck === 0
      ? []
      : [
          {
            label: shown`stuck`,
            value: shown`${grouped(stuck)}: no worker alive can take them`,
            tone: "act",
            alone: true,
          } as const,
        ]),
    { label: shown`ready`, value: shown`${grouped(ready)}${oldest}` },
    { label: shown`in flight`, value: grouped(in_flight) },
    { label: shown`workers alive`, value: grouped(alive), tone: alive === 0 ? "act" : "plain" },
  ]
}
