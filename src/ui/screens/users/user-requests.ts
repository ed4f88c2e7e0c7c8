import type { z } from "zod"
import type { countedBar } from "../../../domain/log-counts/histogram.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import type { UserDetail } from "../../../domain/user.ts"
import { userRequests } from "../../../services/log-counts/user-requests.ts"
import { tableLines } from "../../kit/detail/detail-lines.ts"
import type { Section } from "../../kit/detail/detail-section.ts"
import { cellOf } from "../../widgets/cells.ts"
import { duration, grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import type { Column } from "../../widgets/table.tsx"
import type { Tone } from "../../widgets/theme.ts"

type Day = z.infer<typeof countedBar>

interface Read {
  readonly days: readonly Day[] | null
  /** In ms of the monotonic clock. */
  readonly at: number
}

/** Days of the past are read again no sooner: the engine goes through a week for them. */
const FRESH_MS = 60_000

const count = (number: number, tone: Tone) => (number === 0 ? piece(shown`-`, "dim") : piece(grouped(number), tone))

const dayColumns: readonly Column<Day>[] = [
  { header: shown`DAY`, width: 10, cell: ({ from }) => piece(show(from.slice(0, 10)), "dim") },
  { header: shown`REQUESTS`, width: 9, align: "right", cell: ({ requests }) => count(requests, "plain") },
  { header: shown`REFUSED`, width: 9, align: "right", cell: ({ refused }) => count(refused, "look") },
  { header: shown`FAILED`, width: 9, align: "right", cell: ({ failed }) => count(failed, "act") },
  { header: shown`P95`, width: 7, align: "right", cell: ({ p95 }) => cellOf(p95, duration) },
]

/** Section of the user's requests by day; there is none where the log is not recorded. */
export const requestsByDay: Section<UserDetail> = {
  heading: shown`Requests by day (UTC)`,
  isQuiet: true,
  source: {
    input: ({ id }) => ({ id }),
    async read(deck, input, signal, previous?: Read): Promise<Read> {
      if (previous !== undefined && performance.now() - previous.at < FRESH_MS) return previous
      const { days } = await deck.run(userRequests, input, { signal })
      return { days, at: performance.now() }
    },
  },
  lines(read, _, columns) {
    const { days } = read as Read
    if (days === null) return []
    return tableLines({ columns: dayColumns, rowKey: ({ from }) => from }, days, columns)
  },
}
