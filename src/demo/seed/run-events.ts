import type { Random } from "../random.ts"
import { timestamp } from "./time.ts"

/** What happened in a run, from its beginning to its end or, where it goes on, to now. Times are epoch milliseconds. */
export interface Course {
  readonly id: string
  readonly start: number
  readonly duration: number
  readonly status: "running" | "completed" | "failed" | "cancelled" | "interrupted"
  readonly route: {
    readonly kind: string
    readonly credential: string
    readonly model: string
    readonly priceIn: number
    readonly priceOut: number
  }
  readonly turns: number
  readonly tokensIn: number
  readonly tokensOut: number
  /** A run with something to find in it. */
  readonly story?: Story
}

/** `slow`: a search takes most of the time; `troubled`: the provider is overloaded, is asked again, and in another way. */
export type Story = "slow" | "troubled"

const TOOLS = ["web_search", "python", "read_file", "write_file", "browser", "memory_search"]

/** Classes of the errors that end a run, with what the platform says. */
const FAILURES = [
  ["provider.timeout", "the provider sent nothing for 60 s"],
  ["provider.rate_limited", "rate limit exceeded: 429 from the provider, after 3 attempts"],
  ["tool.failed", "browser: the page could not be opened (ERR_CERT_DATE_INVALID)"],
  ["budget.exceeded", "the run has used up its budget"],
] as const

interface Step {
  readonly type: string
  /** How much of the run's time passes before the next step, beside the others. */
  readonly weight: number
  readonly data: Record<string, unknown>
  readonly tool?: string
  readonly error?: string
}

/** Creates the events of one run, numbered from 1 and spread over its duration. */
export function eventsOf(course: Course, random: Random) {
  const { id, start, duration } = course
  const steps = stepsOf(course, random)
  const whole = steps.reduce((sum, { weight }) => sum + weight, 0)
  let passed = 0
  return steps.map(({ type, weight, data, tool, error }, index) => {
    const at = start + (duration * passed) / Math.max(1, whole)
    passed += weight
    return {
      event_id: random.uuid(),
      run_id: id,
      seq: index + 1,
      ts: timestamp(at, random),
      type,
      data_json: JSON.stringify(data),
      tool_name: tool ?? null,
      error_class: error ?? null,
    }
  })
}

function stepsOf(course: Course, random: Random): Step[] {
  const { route, status, story, turns } = course
  const selected = { provider_kind: route.kind, credential_name: route.credential, model: route.model }
  return [
    { type: "run.started", weight: 1, data: { trace_id: random.hex(32) } },
    { type: "run.route.selected", weight: 2, data: { ...selected, persona_model: route.model } },
    ...Array.from({ length: turns }, (_, turn) => [
      ...(story === "troubled" && turn === 1 ? repeatedTurn(course, random) : []),
      ...turnOf(course, random, turn === turns - 1),
      ...(turn < turns - 1 && (story !== undefined || random.chance(0.6)) ? toolCall(course, random, turn) : []),
    ]).flat(),
    ...endOf(status, random),
  ]
}

const request = (random: Random, { route }: Course): Step => ({
  type: "llm.request",
  weight: random.between(20, 60),
  data: {
    llm_call_id: `call_${random.hex(12)}`,
    provider_kind: route.kind,
    api_mode: route.kind === "anthropic" ? "messages" : "responses",
    payload: { model: route.model, messages: [{ role: "user", content: "…".repeat(random.between(40, 400)) }] },
    messages_bytes: random.between(2_000, 60_000),
  },
})

/** A turn of the model: the request, pieces of the answer and its end; a failed or running run has no end of its last one. */
function turnOf(course: Course, random: Random, isLast: boolean): Step[] {
  const asked = request(random, course)
  const pieces = Array.from(
    { length: random.between(2, 5) },
    (): Step => ({
      type: "message.delta",
      weight: random.between(1, 8),
      data: { role: "assistant", content_delta: "and so on " },
    }),
  )
  if (isLast && (course.status === "failed" || course.status === "running")) return [asked, ...pieces]
  const { turns, route } = course
  const [into, out] = [Math.round(course.tokensIn / turns), Math.round(course.tokensOut / turns)]
  const usage = { input_tokens: into, output_tokens: out }
  const cost = { currency: "USD", amount_micros: Math.round(into * route.priceIn + out * route.priceOut) }
  const completed = {
    llm_call_id: asked.data.llm_call_id,
    usage,
    cost,
    assistant_message: { role: "assistant", content: "…" },
  }
  return [asked, ...pieces, { type: "llm.turn.completed", weight: 1, data: completed }]
}

/** An attempt that the provider refused, the wait before the next one, and another way of asking. */
function repeatedTurn(course: Course, random: Random): Step[] {
  const retry = (attempt: number): Step => ({
    type: "run.llm.retry",
    weight: 20 * attempt,
    data: {
      attempt,
      max_attempts: 3,
      delay_ms: 1000 * 2 ** attempt,
      error_class: "provider.retryable",
      message: "529: overloaded",
    },
  })
  const fallback = {
    from_api_mode: "responses",
    to_api_mode: "chat_completions",
    reason: "unsupported",
    status_code: 404,
  }
  return [
    ...[request(random, course), retry(1), request(random, course), retry(2), request(random, course)],
    { type: "run.provider_fallback", weight: 1, data: { provider_kind: course.route.kind, ...fallback } },
  ]
}

function toolCall({ story }: Course, random: Random, turn: number): Step[] {
  const isSlow = story === "slow" && turn === 0
  const tool = isSlow ? "web_search" : random.pick(TOOLS)
  const known = { tool_call_id: `tool_${random.hex(12)}`, tool_name: tool }
  const fails = random.chance(0.05)
  const error = { error_class: "tool.execution_failed", message: `${tool}: connection reset` }
  return [
    {
      type: "tool.call",
      weight: isSlow ? 600 : random.between(5, 40),
      data: { ...known, arguments: { query: "…" } },
      tool,
    },
    {
      type: "tool.result",
      weight: 1,
      data: { ...known, ...(fails ? { error } : { result: { text: "…".repeat(random.between(20, 2_000)) } }) },
      tool,
      ...(fails && { error: error.error_class }),
    },
  ]
}

function endOf(status: Course["status"], random: Random): Step[] {
  if (status === "running") return []
  if (status !== "failed") return [{ type: `run.${status}`, weight: 0, data: {} }]
  const [error_class, message] = random.pick(FAILURES)
  return [{ type: "run.failed", weight: 0, data: { error_class, message }, error: error_class }]
}
