import { z } from "zod"
import { reason } from "./fields.ts"

/** Whether anybody may make an account; where it is not open, an invite code is needed (contract, section 9). */
export const registration = z.object({
  open: z.boolean(),
  /** The row of the flag, or the platform's default where there is none. */
  source: z.enum(["flag", "default"]),
})
export type Registration = z.infer<typeof registration>

/** The input of `registration set`. */
export const registrationUpdate = z.object({
  open: z.boolean().meta({ label: "anybody may make an account; otherwise an invite code is needed" }),
  reason,
})
