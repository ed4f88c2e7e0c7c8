import { isIP } from "node:net"
import { hostname } from "node:os"
import type { MailSettings, Offered } from "../../domain/mail-step.ts"

/** Returns the name that the server is greeted with: this host's where it has a domain, as RFC 5321 asks. */
export const greetingName = ({ ehloName }: Pick<MailSettings, "ehloName">): string => ehloName ?? ownName(hostname())

function ownName(host: string): string {
  if (isIP(host)) return `[${host}]`
  return host.includes(".") ? host : "[127.0.0.1]"
}

/** Returns what the server offers by its reply to EHLO; `before` is what it offered before the encryption. */
export function offeredBy(reply: string, before: Offered | null): Offered {
  const words = reply.split(/\r?\n/).map(line =>
    line
      .slice(4)
      .trim()
      .toUpperCase()
      .split(/[\s=]+/),
  )
  const has = (extension: string) => words.some(([word]) => word === extension)
  return {
    starttls: before?.starttls ?? has("STARTTLS"),
    auth: words.filter(([word]) => word === "AUTH").flatMap(([, ...methods]) => methods),
    smtputf8: has("SMTPUTF8"),
  }
}
