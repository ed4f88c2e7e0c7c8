import type { Run } from "../../../domain/run.ts"
import { cancelRuns } from "../../../services/runs/cancel-runs.ts"
import type { RecordChange } from "../../kit/change/record-change.ts"

/** Asks the workers to end a run. */
export const cancel: RecordChange<Pick<Run, "run_id" | "status">> = {
  key: "X",
  label: "cancel",
  verb: "Cancel run",
  help: "ask the workers to end this run and, with a check box, its children",
  change: cancelRuns,
  input: ({ run_id }) => ({ run_id }),
  options: ["children"],
  possible: ({ status }) => {
    if (status === "cancelling") return "its end was requested before"
    return status === "running" || "it has ended"
  },
}

/** Asks the workers to end all running runs of a user. */
export const cancelOfUser: RecordChange<{ readonly id: string }> = {
  key: "X",
  label: "cancel runs",
  verb: "Cancel runs",
  help: "ask the workers to end all running runs of this user",
  change: cancelRuns,
  input: ({ id }) => ({ user: id }),
  options: ["children"],
}

/** Asks the workers to end all running runs of an organization. */
export const cancelOfOrg: RecordChange<{ readonly org_id: string }> = {
  key: "X",
  label: "cancel runs",
  verb: "Cancel runs",
  help: "ask the workers to end all running runs of this organization",
  change: cancelRuns,
  input: ({ org_id }) => ({ org: org_id }),
  options: ["children"],
}
