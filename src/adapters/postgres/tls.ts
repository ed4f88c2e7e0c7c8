import { createPrivateKey } from "node:crypto"
import { readFileSync, statSync } from "node:fs"
import type { ConnectionOptions, SecureVersion } from "node:tls"
import type { Parameters } from "../../config/postgres-url.ts"
import { DeckError } from "../../domain/errors.ts"

/** What a URL says of TLS; it is handled here, since pg's own reading of it has holes. */
const TLS_OPTIONS = [
  "ssl",
  "sslmode",
  "sslnegotiation",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslpassword",
  "sslcrl",
  "ssl_min_protocol_version",
  "ssl_max_protocol_version",
  "uselibpqcompat",
]

export const isTlsOption = (name: string): boolean => TLS_OPTIONS.includes(name)

/**
 * No TLS unless the URL asks for it, as in libpq; then always with the certificate checked. Throws DeckError("invalid") for a
 * file that cannot be used.
 */
export function tlsOptions(parameters: Parameters): false | ConnectionOptions {
  const mode = parameters.get("sslmode")
  const asked = TLS_OPTIONS.some(option => parameters.has(option))
  if (mode === "disable" || (mode === undefined && !asked) || parameters.get("ssl") === "false") {
    if (parameters.get("channel_binding") !== "require") return false
    throw invalid("channel_binding=require is for TLS: add sslmode=verify-full")
  }
  const version = (option: string) => parameters.get(option) as SecureVersion | undefined
  const pem = (option: string) => {
    const path = parameters.get(option)
    return path === undefined || path === "system" ? undefined : readPem(option, path)
  }
  const [ca, crl, cert, key] = [pem("sslrootcert"), pem("sslcrl"), pem("sslcert"), pem("sslkey")]
  const [minVersion, maxVersion] = [version("ssl_min_protocol_version"), version("ssl_max_protocol_version")]
  const passphrase = parameters.get("sslpassword")
  if (key !== undefined) requireKey(parameters.get("sslkey") as string, key, passphrase)
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(crl === undefined ? {} : { crl }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key, ...(passphrase === undefined ? {} : { passphrase }) }),
    rejectUnauthorized: true,
  }
}

function readPem(option: string, path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    throw invalid(`${option} cannot be read: ${path} (${reason})`, error)
  }
}

/** Refuses a client's key that others can read, as libpq does (root's may be its group's), and one that does not open. */
function requireKey(path: string, key: string, passphrase: string | undefined): void {
  const { mode, uid } = statSync(path)
  if (mode & (uid === 0 ? 0o037 : 0o077)) throw invalid(`sslkey can be read by others: chmod 600 ${path}`)
  const isLocked = /ENCRYPTED/.test(key)
  if (isLocked && passphrase === undefined) {
    throw invalid(`sslkey is encrypted: add its password as sslpassword (${path})`)
  }
  try {
    createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) })
  } catch (error) {
    throw invalid(`${isLocked ? "sslpassword does not open sslkey" : "sslkey is no private key"}: ${path}`, error)
  }
}

const invalid = (problem: string, cause?: unknown) =>
  new DeckError("invalid", `the database URL's ${problem}`, { field: "database_url", cause })
