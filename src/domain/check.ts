import { z } from "zod"

/** Areas of checks, with their titles. */
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

/** `skipped`: not checked, since an earlier check failed. */
const CHECK_STATES = ["ok", "warning", "failure", "skipped"] as const

/** Result of a check. */
const finding = z.object({
  state: z.enum(CHECK_STATES),
  says: z.string(),
  /** Steps that fix it; commands as they are typed. */
  remedy: z.array(z.string()),
})
export type Finding = z.infer<typeof finding>

/** One check with its result. */
export const check = finding.extend({
  area: z.enum(Object.keys(CHECK_AREAS) as [CheckArea, ...CheckArea[]]),
  name: z.string(),
})
export type Check = z.infer<typeof check>

/** Rights that opsdeck needs, as the statements that grant them. */
export const grant = z.object({
  /** `reading`: everything but changes. */
  purpose: z.enum(["reading", "everything", "recording"]),
  store: z.enum(["postgres", "redis"]),
  statement: z.string(),
})
export type Grant = z.infer<typeof grant>

export const ok = (says: string): Finding => ({ state: "ok", says, remedy: [] })
export const warning = (says: string, ...remedy: string[]): Finding => ({ state: "warning", says, remedy })
export const failure = (says: string, ...remedy: string[]): Finding => ({ state: "failure", says, remedy })
export const skipped = (says: string): Finding => ({ state: "skipped", says, remedy: [] })
