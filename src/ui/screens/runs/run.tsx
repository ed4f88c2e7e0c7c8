import type { NamedRunDetail } from "../../../domain/run.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { inspectRun } from "../../../services/runs.ts"
import { defineDetail } from "../../screen/detail/detail.tsx"
import type { Field } from "../../screen/detail/detail-lines.ts"
import { reading } from "../../screen/detail/detail-section.ts"
import { duration, grouped, when } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"
import { RUN_TONES } from "./run-columns.ts"

/** One run: what it was, how it went, and what it cost. */
export const runScreen = defineDetail<{ run_id: string }, NamedRunDetail>({
  id: "run",
  title: "Run",
  summary: "one run: how it went, what it cost, and the way it took",
  source: reading(
    inspectRun,
    params => params,
    run => run,
  ),
  name: run => [piece(show(run.run_id), "strong"), piece(shown`  `), piece(show(run.status), RUN_TONES[run.status])],
  fields: runFields,
  sections: [],
})

const text = (value: string | null): Shown => show(value ?? "")
const orNone = <Value,>(value: Value | null, as: (value: Value) => Shown): Shown =>
  value === null ? shown`` : as(value)
const time = (value: string | null) => orNone(value, exact => when(exact, true))
const called = (name: string | null, id: string): Shown => (name ? shown`${show(name)}  ${show(id)}` : show(id))

function tokens({ total_input_tokens: into, total_output_tokens: out }: NamedRunDetail): Shown {
  if (into === null && out === null) return shown``
  return shown`${grouped(into ?? 0n)} in, ${grouped(out ?? 0n)} out`
}

function runFields(run: NamedRunDetail): Field[] {
  const { org_id, created_by_user_id: userId, events } = run
  return [
    userId === null
      ? { label: shown`user`, value: shown`` }
      : {
          label: shown`user`,
          value: called(run.username, userId),
          open: shell => shell.open("user", { id: userId }),
        },
    {
      label: shown`organization`,
      value: called(run.org_name, org_id),
      open: shell => shell.open("org", { org_id }),
    },
    { label: shown`thread`, value: show(run.thread_id), alone: true },
    { label: shown`started`, value: time(run.created_at) },
    { label: shown`duration`, value: orNone(run.duration_ms, ms => shown`${duration(Number(ms))}  ${grouped(ms)} ms`) },
    { label: shown`completed`, value: time(run.completed_at) },
    { label: shown`failed`, value: time(run.failed_at) },
    { label: shown`tokens`, value: tokens(run) },
    { label: shown`cost`, value: orNone(run.total_cost_usd, cost => shown`$ ${grouped(cost)}`) },
    { label: shown`model`, value: text(run.model) },
    { label: shown`persona's model`, value: text(run.persona_model) },
    { label: shown`provider`, value: text(run.provider_kind) },
    { label: shown`credential`, value: text(run.credential_name) },
    { label: shown`persona`, value: text(run.persona_id) },
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
