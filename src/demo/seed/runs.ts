import { type Random, weighted } from "../random.ts"
import type { People } from "./people.ts"
import { type Course, eventsOf } from "./run-events.ts"
import { chargesOf, FAMILY, familyNumbers, messagesOf } from "./run-family.ts"
import { DAY_MS, later, timestamp } from "./time.ts"
import type { Told } from "./told-run.ts"

const RUNS = 900
const DAYS = 14

type Status = Course["status"]

const statusOf = weighted<{ status: Status; weight: number }>([
  { status: "completed", weight: 86 },
  { status: "failed", weight: 7 },
  { status: "cancelled", weight: 5 },
  { status: "interrupted", weight: 2 },
])

/** Routes of runs. Prices are US dollars per million tokens, in and out. */
const ROUTES = [
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
]
const routeOf = weighted(ROUTES)

const TOLD: readonly Told[] = [
  { age: 40, lasts: 120, turns: 4, status: "running" },
  { age: 180, lasts: 47, turns: 4, status: "failed" },
  { age: 360, lasts: 94, turns: 3, status: "completed", story: "slow" },
  { age: 540, lasts: 58, turns: 4, status: "completed", story: "troubled" },
]

/** Runs of one user, who spends more than all others today and has some that go on spending. */
const EXPENSIVE: readonly Told[] = [
  { age: 590, lasts: 64, turns: 9, status: "completed", tokensIn: 640_000 },
  { age: 410, lasts: 52, turns: 8, status: "completed", tokensIn: 510_000 },
  { age: 200, lasts: 600, turns: 9, status: "running", tokensIn: 720_000 },
  { age: 110, lasts: 600, turns: 6, status: "running", tokensIn: 430_000 },
  { age: 70, lasts: 600, turns: 5, status: "running", tokensIn: 380_000 },
]

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

export type Runs = ReturnType<typeof createRuns>

/** Creates the runs of the last two weeks with their threads, events and usage; more of them in the afternoon. */
export function createRuns(people: People, random: Random, now: number) {
  const deleted = new Set(people.users.filter(({ status }) => status === "deleted").map(({ id }) => id))
  const memberships = Map.groupBy(
    people.memberships.filter(({ role, user_id }) => role !== "platform_admin" && !deleted.has(user_id)),
    ({ user_id }) => user_id,
  )
  // Every user has a thread, and every thread a run: a user whose requests start runs has some.
  const threads = [...memberships.values()].map(theirs => {
    const { org_id, user_id, created_at: joined } = random.pick(theirs)
    const created_at = later(joined, timestamp(now - (DAYS + random.next() * 30) * DAY_MS, random))
    return { id: random.uuid(), org_id, created_by_user_id: user_id, title: random.pick(TITLES), created_at }
  })
  const histories = Array.from({ length: RUNS }, (_, i) => {
    const thread = threads[i] ?? random.pick(threads)
    return createRun(thread, startOfRun(Date.parse(thread.created_at), random, now), random, now)
  })
  for (const told of TOLD) histories.push(createRun(random.pick(threads), now - told.age * 1000, random, now, told))
  const family = createFamily(threads[0] as Thread, now)
  histories.push(...family.histories)
  const active = new Set(people.users.filter(({ status }) => status === "active").map(({ id }) => id))
  const theirs = random.pick(threads.filter(thread => active.has(thread.created_by_user_id)))
  for (const told of EXPENSIVE) histories.push(createRun(theirs, now - told.age * 1000, random, now, told))
  return {
    threads,
    messages: family.messages,
    charges: family.charges,
    runs: histories.map(({ run }) => run),
    events: histories.flatMap(({ events }) => events),
    usage: histories.flatMap(({ usage }) => usage),
  }
}

/** Time after `earliest`, the beginning of its thread. */
function startOfRun(earliest: number, random: Random, now: number): number {
  const day = now - random.between(0, DAYS - 1) * DAY_MS
  // The sum of two random numbers makes the middle of a day busier than its ends.
  const start = day - ((random.next() + random.next()) / 2) * DAY_MS
  return start > earliest ? start : earliest + random.next() * (now - earliest)
}

interface Thread {
  readonly id: string
  readonly org_id: string
  readonly created_by_user_id: string
}

function createFamily(thread: Thread, now: number) {
  const random = familyNumbers()
  const made = new Map<string, ReturnType<typeof createRun>>()
  for (const told of FAMILY) {
    const parent = told.parent === undefined ? null : (made.get(told.parent)?.run.id ?? null)
    made.set(told.name, createRun(thread, now - told.age * 1000, random, now, told, parent))
  }
  const histories = [...made.values()]
  const runs = histories.map(({ run }) => run)
  const talked = made.get("middle")?.run
  return { histories, charges: chargesOf(runs, random), messages: talked ? messagesOf(talked, random) : [] }
}

/** The rows of one run: as `told`, or by chance. */
export function createRun(
  thread: Thread,
  start: number,
  random: Random,
  now: number,
  told?: Told,
  parent_run_id: string | null = null,
) {
  const id = random.uuid()
  const lasts = told ? told.lasts * 1000 : Math.round(random.logNormal(14_000, 1))
  const end = start + lasts
  const status: Status = told?.status ?? (end > now ? "running" : statusOf(random).status)
  const duration = status === "running" ? now - start : lasts
  const route = told?.tokensIn === undefined ? routeOf(random) : (ROUTES[0] as (typeof ROUTES)[number])
  const turns = told?.turns ?? random.between(1, 6)
  const tokensIn = told?.tokensIn ?? Math.round(random.logNormal(2_400, 0.9) * turns)
  const tokensOut = Math.round(random.logNormal(450, 0.8) * turns)
  const cost = ((tokensIn * route.priceIn + tokensOut * route.priceOut) / 1e6).toFixed(8)
  const ended = status === "running" ? null : timestamp(end, random)
  const events = eventsOf(
    { id, start, duration, status, route, turns, tokensIn, tokensOut, ...(told?.story && { story: told.story }) },
    random,
  )
  const run = {
    id,
    org_id: thread.org_id,
    thread_id: thread.id,
    parent_run_id,
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
    persona_id: told?.persona ?? random.pick(["lite", "pro", "researcher", null]),
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
          ...cachedOf(route.kind, tokensIn),
          recorded_at: ended,
        },
      ]
    : []
  return { run, events, usage }
}

/** What came from a cache: one provider tells it beside the input, others as a part of it, some not at all. */
function cachedOf(provider: string, tokensIn: number) {
  const none = { cache_read_tokens: 0, cache_creation_tokens: 0, cached_tokens: 0 }
  if (provider === "anthropic") {
    return { ...none, cache_read_tokens: tokensIn * 2, cache_creation_tokens: Math.round(tokensIn / 3) }
  }
  return provider === "openai" ? { ...none, cached_tokens: Math.round(tokensIn * 0.4) } : none
}
