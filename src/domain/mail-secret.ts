import type { EmailFields, EmailPatch } from "./email.ts"

/**
 * Why the stored password may not be tried with what is typed; undefined where it may, or where it is not used. A mail
 * server gets to know the password that is tried with it: another server than it was stored for, or whoever listens on a
 * line that was encrypted before, gets what is typed for them and nothing else.
 */
export function whyTypePassword(stored: EmailFields, typed: EmailPatch): string | undefined {
  const { smtp_host, smtp_user, smtp_tls_mode } = { ...stored, ...typed }
  const isStored = stored.smtp_pass !== "" && !typed.smtp_pass && !typed.clear_smtp_pass
  if (!isStored || smtp_user === "") return undefined
  if (nameOf(smtp_host ?? "") !== nameOf(stored.smtp_host)) {
    const owner = stored.smtp_host || "no server yet"
    return `must be typed: the stored password is for ${owner}; type the one for ${smtp_host}`
  }
  if (smtp_tls_mode === "none" && stored.smtp_tls_mode !== "none") {
    return "must be typed: the stored password is sent encrypted only; type the one that may travel in clear"
  }
  return undefined
}

/** Host names know no case, and a dot at the end says nothing more. */
const nameOf = (host: string) => host.toLowerCase().replace(/\.$/, "")
