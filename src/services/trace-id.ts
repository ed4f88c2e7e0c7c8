import { randomBytes } from "node:crypto"

/** A new W3C trace id: 32 hexadecimal digits. */
export const newTraceId = (): string => randomBytes(16).toString("hex")
