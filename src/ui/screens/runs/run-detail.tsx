import { type InspectedRun, isRunning } from "../../../domain/run.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { showRun } from "../../../services/runs/show-run.ts"
import { changeBinding } from "../../kit/change/record-change.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { type Field, given, link, userLink } from "../../kit/detail/detail-fields.ts"
import { reading } from "../../kit/detail/detail-section.ts"
import { fullUserName } from "../../widgets/cells.ts"
import { age, dateTimeFromNow, duration, grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { cancel } from "../shared/run-changes.ts"
import { runState, runTone } from "../shared/states.ts"
import { RUNNING_MS, timelineSection } from "./timeline-section.ts"

/** Screen of one run. */
export const runScreen = defineDetail<{ run_id: string }, InspectedRun>({
  id: "run",
  title: "Run",
  summary: "one run: its outcome, cost and route",
  source: reading(showRun, params => params),
  command: { operation: showRun, given: ({ run_id }) => ({ run_id }) },
  name: run => [piece(show(run.run_id), "strong"), piece(shown`  `), runState(run.status)],
  fields: runFields,
  sections: [timelineSection],
  every: run => (isRunning(run) ? RUNNING_MS : undefined),
  news: (before, { status }) =>
    isRunning(before) && !isRunning({ status })
      ? [shown`The run has ended: ${show(status)}`, runTone(status)]
      : undefined,
  bindings: [changeBinding(cancel)],
})

const time = (value: string | null) => given(value, exact => dateTimeFromNow(exact, true))

function tokens({ total_input_tokens: into, total_output_tokens: out }: InspectedRun): Shown {
  if (into === null && out === null) return shown``
  return shown`${grouped(into ?? 0n)} in, ${grouped(out ?? 0n)} out`
}

/** How long it took; of one that is running, how long it takes so far. */
function durationOf(run: InspectedRun): Shown {
  if (run.duration_ms === null && isRunning(run)) return shown`${age(Date.now() - Date.parse(run.created_at))} so far`
  return given(run.duration_ms, ms => shown`${duration(Number(ms))}  ${grouped(ms)} ms`)
}

/** Returns the known cause of a failure: class of the error, tool, and type of the event. */
function why({ failure }: InspectedRun): Shown {
  if (failure === null) return shown`not recorded by this platform`
  const { error_class, tool_name, type } = failure
  return show([error_class, tool_name, type].filter(Boolean).join(" · "))
}

function runFields(run: InspectedRun): Field[] {
  const { events } = run
  return [
    ...(run.status === "failed"
      ? [{ label: shown`why`, value: why(run), tone: run.failure ? "strong" : "dim", alone: true } as const]
      : []),
    userLink(shown`user`, run.created_by_user_id, fullUserName(run)),
    link(shown`organization`, run.org_id, run.org_name, (org_id, shell) => shell.open("org", { org_id })),
    { label: shown`thread`, value: show(run.thread_id), alone: true },
    { label: shown`started`, value: time(run.created_at) },
    { label: shown`duration`, value: durationOf(run) },
    { label: shown`completed`, value: time(run.completed_at) },
    { label: shown`failed`, value: time(run.failed_at) },
    { label: shown`tokens`, value: tokens(run) },
    { label: shown`cost`, value: given(run.total_cost_usd, cost => shown`$ ${grouped(cost)}`) },
    { label: shown`model`, value: given(run.model, show) },
    { label: shown`persona's model`, value: given(run.persona_model, show) },
    { label: shown`provider`, value: given(run.provider_kind, show) },
    { label: shown`credential`, value: given(run.credential_name, show) },
    { label: shown`persona`, value: given(run.persona_id, show) },
    { label: shown`events`, value: grouped(events.total) },
    { label: shown`model turns`, value: grouped(events.llm_turns) },
    { label: shown`tool calls`, value: grouped(events.tool_calls) },
    {
      label: shown`fallbacks`,
      value: grouped(events.provider_fallbacks),
      tone: events.provider_fallbacks > 0n ? "look" : "plain",
    },
  ]
}
