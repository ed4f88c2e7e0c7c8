import { type Random, weighted } from "../random.ts"
import type { People } from "./people.ts"
import { DAY_MS, later, timestamp } from "./time.ts"

const RUNS = 900
const DAYS = 14

type Status = "running" | "completed" | "failed" | "cancelled" | "interrupted"

const statusOf = weighted<{ status: Status; weight: number }>([
  { status: "completed", weight: 86 },
  { status: "failed", weight: 7 },
  { status: "cancelled", weight: 5 },
  { status: "interrupted", weight: 2 },
])

/** What a run is routed to. Prices are US dollars for a million tokens, in and out. */
const routeOf = weighted([
  { weight: 5, kind: "anthropic", credential: "anthropic-main", model: "claude-sonnet-4-5", priceIn: 3, priceOut: 15 },
  { weight: 3, kind: "openai", credential: "openai-eu", model: "gpt-5-mini", priceIn: 0.25, priceOut: 2 },
  { weight: 3, kind: "deepseek", credential: "deepseek-1", model: "deepseek-chat", priceIn: 0.27, priceOut: 1.1 },
  {
    weight: 2,
    kind: "openai",
    credential: "qwen-via-openrouter",
    model: "qwen3-235b-a22b",
    priceIn: 0.2,
    priceOut: 0.6,
  },
])

const TOOLS = ["web_search", "python", "read_file", "write_file", "browser", "memory_search"]
const FAILURES = ["provider.timeout", "provider.rate_limited", "tool.failed", "budget.exceeded"]
const TITLES = [
  "Quarterly report",
  "旅行计划",
  "Refactor the importer",
  "Résumé de réunion",
  "見積もりの比較",
  "Fix flaky test",
  "Договір оренди",
  null,
]

/** Runs of the last two weeks with their threads, events and usage; more of them in the afternoon. */
export function createRuns(people: People, random: Random, now: number) {
  const deleted = new Set(people.users.filter(({ status }) => status === "deleted").map(({ id }) => id))
  const memberships = Map.groupBy(
    people.memberships.filter(({ role, user_id }) => role !== "platform_admin" && !deleted.has(user_id)),
    ({ user_id }) => user_id,
  )
  // Everybody has a thread, and every thread a run: whoever is seen to start runs has some.
  const threads = [...memberships.values()].map(theirs => {
    const { org_id, user_id, created_at: joined } = random.pick(theirs)
    const created_at = later(joined, timestamp(now - (DAYS + random.next() * 30) * DAY_MS, random))
    return { id: random.uuid(), org_id, created_by_user_id: user_id, title: random.pick(TITLES), created_at }
  })
  const histories = Array.from({ length: RUNS }, (_, i) => {
    const thread = threads[i] ?? random.pick(threads)
    return createRun(thread, startOfRun(Date.parse(thread.created_at), random, now), random, now)
  })
  return {
    threads,
    runs: histories.map(({ run }) => run),
    events: histories.flatMap(({ events }) => events),
    usage: histories.flatMap(({ usage }) => usage),
  }
}

/** After `earliest`, the beginning of its thread. */
function startOfRun(earliest: number, random: Random, now: number): number {
  const day = now - random.between(0, DAYS - 1) * DAY_MS
  // Two dice make a day's middle busier than its ends.
  const start = day - ((random.next() + random.next()) / 2) * DAY_MS
  return start > earliest ? start : earliest + random.next() * (now - earliest)
}

function createRun(
  thread: { id: string; org_id: string; created_by_user_id: string },
  start: number,
  random: Random,
  now: number,
) {
  const id = random.uuid()
  const duration = Math.round(random.logNormal(14_000, 1))
  const end = start + duration
  const status: Status = end > now ? "running" : statusOf(random).status
  const route = routeOf(random)
  const turns = random.between(1, 6)
  const tokensIn = Math.round(random.logNormal(2_400, 0.9) * turns)
  const tokensOut = Math.round(random.logNormal(450, 0.8) * turns)
  const cost = ((tokensIn * route.priceIn + tokensOut * route.priceOut) / 1e6).toFixed(8)
  const ended = status === "running" ? null : timestamp(end, random)
  const events = eventsOf({ id, start, duration, status, route, turns }, random)
  const run = {
    id,
    org_id: thread.org_id,
    thread_id: thread.id,
    created_by_user_id: thread.created_by_user_id,
    status,
    next_event_seq: events.length + 1,
    status_updated_at: ended ?? timestamp(start, random),
    completed_at: status === "completed" ? ended : null,
    failed_at: status === "failed" ? ended : null,
    duration_ms: ended && duration,
    total_input_tokens: ended && tokensIn,
    total_output_tokens: ended && tokensOut,
    total_cost_usd: ended && cost,
    model: route.model,
    persona_id: random.pick(["lite", "pro", "researcher", null]),
    created_at: timestamp(start, random),
  }
  const usage = ended
    ? [
        {
          id: random.uuid(),
          org_id: thread.org_id,
          run_id: id,
          model: route.model,
          input_tokens: tokensIn,
          output_tokens: tokensOut,
          cost_usd: cost,
          recorded_at: ended,
        },
      ]
    : []
  return { run, events, usage }
}

interface Course {
  id: string
  start: number
  duration: number
  status: Status
  route: ReturnType<typeof routeOf>
  turns: number
}

/** The events of one run, numbered from 1 and spread over its duration. */
function eventsOf({ id, start, duration, status, route, turns }: Course, random: Random) {
  type Step = { type: string; data: Record<string, unknown>; tool?: string; error?: string }
  const selected = {
    provider_kind: route.kind,
    credential_name: route.credential,
    model: route.model,
    persona_model: route.model,
  }
  const steps: Step[] = [
    { type: "run.started", data: {} },
    { type: "run.route.selected", data: selected },
  ]
  for (let turn = 0; turn < turns; turn++) {
    steps.push({ type: "llm.request", data: { turn } })
    if (random.chance(0.04)) steps.push({ type: "run.provider_fallback", data: { from: route.credential } })
    if (random.chance(0.6)) steps.push({ type: "tool.call", data: { turn }, tool: random.pick(TOOLS) })
  }
  if (status === "failed") steps.push({ type: "run.failed", data: {}, error: random.pick(FAILURES) })
  else if (status !== "running") steps.push({ type: `run.${status}`, data: {} })
  return steps.map(({ type, data, tool, error }, i) => ({
    event_id: random.uuid(),
    run_id: id,
    seq: i + 1,
    ts: timestamp(start + (duration * i) / steps.length, random),
    type,
    data_json: JSON.stringify(data),
    tool_name: tool ?? null,
    error_class: error ?? null,
  }))
}
