import { z } from "zod"

/** What a check is about, with what people call it. */
export const CHECK_AREAS = {
  postgres: "PostgreSQL",
  redis_api: "The API's Redis",
  redis_gateway: "The gateway's Redis",
  operator: "Operator",
  platform: "Platform",
  terminal: "Terminal",
  files: "Files",
} as const
export type CheckArea = keyof typeof CHECK_AREAS

/** `skipped`: it could not be looked at, since an earlier one failed. */
const CHECK_STATES = ["ok", "warning", "failure", "skipped"] as const

/** What was found. */
const finding = z.object({
  state: z.enum(CHECK_STATES),
  says: z.string(),
  /** What puts it right, a step each; commands as they are typed. */
  remedy: z.array(z.string()),
})
export type Finding = z.infer<typeof finding>

/** One thing that was looked at. */
export const check = finding.extend({
  area: z.enum(Object.keys(CHECK_AREAS) as [CheckArea, ...CheckArea[]]),
  name: z.string(),
})
export type Check = z.infer<typeof check>

/** Rights that opsdeck needs, as what grants them. */
export const grant = z.object({
  /** `reading`: everything but changes. */
  purpose: z.enum(["reading", "everything"]),
  store: z.enum(["postgres", "redis"]),
  statement: z.string(),
})
export type Grant = z.infer<typeof grant>

export const ok = (says: string): Finding => ({ state: "ok", says, remedy: [] })
export const warning = (says: string, ...remedy: string[]): Finding => ({ state: "warning", says, remedy })
export const failure = (says: string, ...remedy: string[]): Finding => ({ state: "failure", says, remedy })
export const skipped = (says: string): Finding => ({ state: "skipped", says, remedy: [] })
