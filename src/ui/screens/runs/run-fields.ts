import { CREDITS_UNKNOWN, type InspectedRun } from "../../../domain/inspected-run.ts"
import { isRunning } from "../../../domain/run.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import { type Field, given, link, userLink } from "../../kit/detail/detail-fields.ts"
import { fullUserName } from "../../widgets/cells.ts"
import { dateTimeFromNow, exactDuration, grouped, percent } from "../../widgets/format.ts"

/** What the screen of a run says of it: why it failed, whose it is, what it used, and its route. */
export const runFields = (run: InspectedRun): Field[] => [
  ...errorFields(run),
  ...ownerFields(run),
  ...timeFields(run),
  ...useFields(run),
  ...routeFields(run),
]

/** Bytes and lines of a message that are shown. */
const MESSAGE_BYTES = 16 * 1024
const MESSAGE_LINES = 30

function errorFields({ status, error }: InspectedRun): Field[] {
  if (error === null) {
    return status === "failed" ? [{ label: shown`error`, value: show(NOT_RECORDED), tone: "dim", alone: true }] : []
  }
  const { error_class, message, type, tool_name } = error
  const from = show([tool_name, type].filter(Boolean).join(" · "), 512)
  const lines = (message ?? "").split(/\r?\n/).filter(line => line.trim() !== "")
  const shownLines = lines.slice(0, MESSAGE_LINES).map(line => show(line, MESSAGE_BYTES))
  const left = lines.length - shownLines.length
  return [
    {
      label: shown`error`,
      value: error_class === null ? from : shown`${show(error_class, 512)}  ${from}`,
      tone: "act",
    },
    ...[...shownLines, ...(left > 0 ? [shown`… ${grouped(left)} lines more`] : [])].map((value, index) => ({
      label: index === 0 ? shown`message` : shown``,
      value,
      tone: "strong" as const,
    })),
  ].map(field => ({ ...field, alone: true }) as Field)
}

const NOT_RECORDED = "not recorded by this platform"

function ownerFields(run: InspectedRun): Field[] {
  return [
    userLink(shown`user`, run.created_by_user_id, fullUserName(run)),
    link(shown`organization`, run.org_id, run.org_name, (org_id, shell) => shell.open("org", { org_id })),
    ...(run.parent_run_id === null
      ? []
      : [link(shown`started by run`, run.parent_run_id, null, (run_id, shell) => shell.open("run", { run_id }))]),
    { label: shown`thread`, value: show(run.thread_id), alone: true },
  ]
}

function timeFields(run: InspectedRun): Field[] {
  const time = (value: string) => dateTimeFromNow(value, true)
  return [
    ...(run.deleted_at === null ? [] : [{ label: shown`deleted`, value: time(run.deleted_at), tone: "look" as const }]),
    { label: shown`started`, value: time(run.created_at) },
    ...(run.completed_at === null ? [] : [{ label: shown`completed`, value: time(run.completed_at) }]),
    ...(run.failed_at === null ? [] : [{ label: shown`failed`, value: time(run.failed_at) }]),
    { label: shown`duration`, value: durationOf(run), alone: true },
  ]
}

/** How long it took; of one that is running, how long it takes so far. */
function durationOf(run: InspectedRun): Shown {
  if (run.duration_ms === null && isRunning(run))
    return shown`${exactDuration(Date.now() - Date.parse(run.created_at))} so far`
  return given(run.duration_ms, ms => exactDuration(Number(ms)))
}

/** What it used and, where it has children, what all of them used together: those that these started are in the tree alone. */
function useFields(run: InspectedRun): Field[] {
  const { total_aggregate: all, children_count: count, has_grandchildren: isDeeper, events } = run
  const together = shown`with its ${grouped(count)} ${count === 1 ? shown`child` : shown`children`}`
  const figure = (label: Shown, value: Shown, sum: Shown): Field =>
    all === null || sum === ""
      ? { label, value }
      : { label, value: shown`${value || shown`-`}; ${sum} ${together}`, alone: true }
  return [
    figure(shown`cost`, ownCostOf(run), costOf(all ?? run)),
    ...(isDeeper ? [{ label: shown``, value: FURTHER, tone: "dim" as const, alone: true }] : []),
    figure(shown`tokens`, tokensOf(run), tokensOf(all ?? run)),
    run.credits === "kept"
      ? figure(shown`credits`, given(run.credits_used, grouped), given(all?.credits_used ?? null, grouped))
      : { label: shown`credits`, value: show(CREDITS_UNKNOWN[run.credits]), tone: "dim" },
    { label: shown`cache`, value: cacheOf(run) },
    {
      label: shown`fallbacks`,
      value: grouped(events.provider_fallbacks),
      tone: events.provider_fallbacks > 0n ? "look" : "plain",
    },
  ]
}

const FURTHER = shown`without the runs that these started: the whole branch is in the tree (r)`

type Used = Pick<InspectedRun, "total_input_tokens" | "total_output_tokens" | "total_cost_usd">

const costOf = ({ total_cost_usd }: Pick<Used, "total_cost_usd">): Shown =>
  given(total_cost_usd, cost => shown`$ ${grouped(cost)}`)

/** What it cost; of one that is running, what it cost until now. */
const ownCostOf = ({ cost_so_far, ...run }: InspectedRun): Shown =>
  cost_so_far === null ? costOf(run) : shown`$ ${grouped(cost_so_far)} so far`

function tokensOf({ total_input_tokens: into, total_output_tokens: out }: Used): Shown {
  if (into === null && out === null) return shown``
  return shown`${grouped(into ?? 0n)} in, ${grouped(out ?? 0n)} out`
}

/** Tokens that came from a cache or were written to one, and the share of the input that came from it. */
function cacheOf(run: InspectedRun): Shown {
  const figures = [
    [run.cache_read_tokens, shown`read`],
    [run.cache_creation_tokens, shown`written`],
    [run.cached_tokens, shown`cached`],
  ] as const
  if (figures.every(([tokens]) => tokens === null)) return shown``
  const used = figures.flatMap(([tokens, what]) => (tokens ? [shown`${grouped(tokens)} ${what}`] : []))
  const hits = run.cache_hit_rate === null ? [] : [shown`${percent(run.cache_hit_rate)} hit`]
  return used.length === 0 ? shown`not used` : (([...used, ...hits] as string[]).join(", ") as Shown)
}

const routeFields = (run: InspectedRun): Field[] => [
  { label: shown`model`, value: given(run.model, show) },
  { label: shown`persona's model`, value: given(run.persona_model, show) },
  { label: shown`provider`, value: given(run.provider_kind, show) },
  { label: shown`credential`, value: given(run.credential_name, show) },
  { label: shown`persona`, value: given(run.persona_id, show) },
  { label: shown`events`, value: grouped(run.events.total) },
  { label: shown`model turns`, value: grouped(run.events.llm_turns) },
  { label: shown`tool calls`, value: grouped(run.events.tool_calls) },
]
