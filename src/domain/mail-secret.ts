import type { EmailFields, EmailPatch } from "./email.ts"

/**
 * Returns why the stored password must not be used with the typed settings; undefined where it may, or is not needed.
 * The password is sent to the mail server: another server than the one it was stored for, or a listener on a connection
 * that was encrypted before, gets only a password typed for it.
 */
export function passwordRefusal(stored: EmailFields, typed: EmailPatch): string | undefined {
  const { smtp_host, smtp_user, smtp_tls_mode } = { ...stored, ...typed }
  const isStored = stored.smtp_pass !== "" && !typed.smtp_pass && !typed.clear_smtp_pass
  if (!isStored || smtp_user === "") return undefined
  if (nameOf(smtp_host ?? "") !== nameOf(stored.smtp_host)) {
    const owner = stored.smtp_host || "no server yet"
    return `must be typed: the stored password is for ${owner}; type the one for ${smtp_host}`
  }
  if (smtp_tls_mode === "none" && stored.smtp_tls_mode !== "none") {
    return "must be typed: the stored password is sent encrypted only; type one that may be sent unencrypted"
  }
  return undefined
}

/** Host names ignore case, and a trailing dot is redundant. */
const nameOf = (host: string) => host.toLowerCase().replace(/\.$/, "")
