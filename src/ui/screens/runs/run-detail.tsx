import type { InspectedRun } from "../../../domain/inspected-run.ts"
import { isRunning } from "../../../domain/run.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { showRun } from "../../../services/runs/show-run.ts"
import { changeBinding } from "../../kit/change/record-change.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { reading } from "../../kit/detail/detail-section.ts"
import { fromNow } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { cancel } from "../shared/run-changes.ts"
import { runState, runTone } from "../shared/states.ts"
import { childrenSection } from "./children-section.ts"
import { messagesBinding } from "./content.ts"
import { runEventScreen } from "./run-event.tsx"
import { runFields } from "./run-fields.ts"
import { RUNNING_MS, timelineSection } from "./timeline-section.ts"

/** Screen of one run. */
export const runScreen = defineDetail<{ run_id: string }, InspectedRun>({
  id: "run",
  title: "Run",
  summary: "one run: why it failed, what it cost, and what it did when",
  inside: [runEventScreen],
  source: reading(showRun, params => params),
  command: { operation: showRun, given: ({ run_id }) => ({ run_id }) },
  name: ({ run_id, status, deleted_at }) => [
    piece(show(run_id), "strong"),
    piece(shown`  `),
    runState(status),
    ...(deleted_at === null ? [] : [piece(shown`  deleted ${fromNow(deleted_at)}`, "look")]),
  ],
  fields: runFields,
  sections: [childrenSection, timelineSection],
  every: run => (isRunning(run) ? RUNNING_MS : undefined),
  news: (before, { status }) =>
    isRunning(before) && !isRunning({ status })
      ? [shown`The run has ended: ${show(status)}`, runTone(status)]
      : undefined,
  bindings: [
    changeBinding(cancel),
    messagesBinding,
    {
      keys: ["r"],
      label: "tree",
      footer: true,
      help: "the runs that it started and those that started it, as a tree with the cost of each branch",
      possible: ({ subject: { parent_run_id, children_count } }) =>
        parent_run_id !== null || children_count > 0 || "it started no other run, and none started it",
      run: ({ subject: { run_id }, shell }) => shell.open("runTree", { run_id }),
    },
  ],
})
