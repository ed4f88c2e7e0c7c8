import { randomBytes } from "node:crypto"

/** Creates a W3C trace id: 32 hexadecimal digits. */
export const newTraceId = (): string => randomBytes(16).toString("hex")
