/** Types of the events that end a run (contract, section 8). */
export const RUN_ENDS = ["run.completed", "run.failed", "run.cancelled", "run.interrupted"] as const

/** Type of the event that asks the worker to end a run. */
export const CANCEL_REQUESTED = "run.cancel_requested"
