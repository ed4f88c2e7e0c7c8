import type { InspectedRun, UsedRun } from "../../../domain/inspected-run.ts"
import { shown } from "../../../domain/safe-text.ts"
import { type Section, tableSection } from "../../kit/detail/detail-section.ts"
import { runColumns } from "../shared/run-columns.ts"

/** Children that stand on the screen of a run; the tree has all of them. */
const SHOWN = 10

/** Section of a run's screen: the oldest of the runs that it started, each of which opens, and the way to all of them. */
export const childrenSection: Section<InspectedRun> = {
  ...tableSection<InspectedRun, UsedRun>({
    heading: shown`Children`,
    source: run => run.children.slice(0, SHOWN),
    empty: shown`none`,
    columns: runColumns,
    rowKey: ({ run_id }) => run_id,
    open: ({ run_id }, shell) => shell.open("run", { run_id }),
    all: {
      label: shown`all of them as a tree, with the cost of each branch`,
      open: ({ run_id }, shell) => shell.open("runTree", { run_id }),
    },
  }),
  isThere: ({ children_count }) => children_count > 0,
}
