import { createHash } from "node:crypto"
import { setTimeout as delay } from "node:timers/promises"
import bcrypt from "bcryptjs"
import { type Kysely, sql, type Transaction } from "kysely"
import type { Postgres } from "../adapters/postgres/connection.ts"
import type { Tables } from "../adapters/postgres/tables.ts"
import type { Credentials } from "../domain/credentials.ts"
import { asDeckError, DeckError } from "../domain/errors.ts"
import type { Operator } from "../domain/operator.ts"
import { ownAudit, writeAudit } from "./audit.ts"
import { type Access, isPlatformAdministrator, type KeyAccess, selectKeys, selectUsers } from "./permission.ts"
import type { Platform } from "./platform.ts"
import { newTraceId } from "./trace-id.ts"

export interface SignInOptions {
  /** Opening the console is audited, whatever the method; a command signed in by an API key is not. */
  console: boolean
  /** Id of the only user accepted: any other is refused like an unknown one. */
  only?: string
  signal?: AbortSignal
}

/**
 * Authenticates the operator, and checks their permission (contract, section 1). Refuses with DeckError("forbidden") in
 * the same words, and after about the same time, whatever the reason; every refusal is audited and delays the next
 * attempt with the same credentials, on every host.
 */
export async function signIn(
  { postgres }: Pick<Platform, "postgres">,
  credentials: Credentials,
  { console, only, signal }: SignInOptions,
): Promise<Operator> {
  const traceId = newTraceId()
  const attempt = attemptOf(credentials)
  try {
    await slowDown(postgres, attempt.fingerprint, signal)
    const access = await attempt.check(postgres, signal)
    const isWanted = only === undefined || access?.userId === only
    if (access === undefined || !isWanted || !isPlatformAdministrator(access)) {
      await recordRefusal(postgres, attempt, traceId)
      throw new DeckError("forbidden", "sign-in refused: wrong credentials, or not those of a platform administrator")
    }
    const operator = operatorOf(access, attempt.method)
    await recordSignIn(postgres, operator, console || attempt.method === "password", traceId)
    return operator
  } catch (error) {
    const failure = signal?.aborted ? new DeckError("cancelled", "cancelled") : asDeckError(error)
    failure.traceId ??= traceId
    throw failure
  }
}

/** One method of signing in: how it is audited, and how credentials are checked. */
interface Attempt {
  readonly method: Operator["method"]
  /** SHA-256 of the key or the login, in hexadecimal: its form in the audit log. */
  readonly fingerprint: string
  /** Returns the access of the owner of the credentials; undefined for wrong ones. */
  check(postgres: Postgres, signal?: AbortSignal): Promise<Access | undefined>
}

const attemptOf = (credentials: Credentials): Attempt =>
  "apiKey" in credentials ? keyAttempt(credentials.apiKey) : passwordAttempt(credentials.login, credentials.password)

function keyAttempt(apiKey: string): Attempt {
  const fingerprint = sha256(apiKey)
  return {
    method: "api_key",
    fingerprint,
    check: (postgres, signal) =>
      postgres.run(db => selectKeys(db).where("api_keys.key_hash", "=", fingerprint).executeTakeFirst(), signal),
  }
}

function passwordAttempt(login: string, password: string): Attempt {
  return {
    method: "password",
    fingerprint: sha256(login),
    async check(postgres, signal) {
      const { candidate, otherHash } = await postgres.run(db => passwordCandidate(db, login), signal)
      // An unknown user costs a comparison as well: the time must not reveal who exists.
      const matches = await bcrypt.compare(password, candidate?.passwordHash ?? unmatchable(otherHash))
      return matches ? candidate : undefined
    },
  }
}

/**
 * Reads the user named by `login`, and the newest password hash of any user. A login wins over an e-mail address, also
 * that of a deleted user, as in the platform.
 */
async function passwordCandidate(db: Kysely<Tables>, login: string) {
  // PostgreSQL stores no NUL, so no name contains one; an empty name is nobody's.
  const name = login.replaceAll("\0", "\uFFFD") || "\uFFFD"
  const candidate = await selectUsers(db)
    .select("user_credentials.password_hash as passwordHash")
    .where(eb =>
      eb.or([
        eb("user_credentials.login", "=", name),
        eb.and([eb("users.email", "=", name), eb("users.deleted_at", "is", null)]),
      ]),
    )
    .orderBy(sql`${sql.ref("user_credentials.login")} = ${name}`, order => order.desc().nullsLast())
    .executeTakeFirst()
  const other = await db
    .selectFrom("user_credentials")
    .select("password_hash")
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst()
  return { candidate, otherHash: other?.password_hash }
}

/** Returns a hash that matches no password, as costly to compare with as `hash`. */
const unmatchable = (hash: string | undefined): string =>
  `${hash !== undefined && /^\$2[aby]\$\d\d\$/.test(hash) ? hash.slice(0, 7) : "$2a$12$"}${".".repeat(53)}`

const operatorOf = (access: Access | KeyAccess, method: Operator["method"]): Operator => ({
  userId: access.userId,
  login: access.login,
  username: access.username,
  method,
  apiKeyId: "apiKeyId" in access ? access.apiKeyId : null,
})

/** Refusals of this time delay the next attempt: 0.25 s after the first, doubled by each, at most 10 s. */
const REMEMBERED = sql<string>`now() - interval '15 minutes'`
const FIRST_WAIT_MS = 250
const UNRECORDED_WAIT_MS = 2_000
/** Longest delay of an attempt after refusals. */
export const LONGEST_WAIT_MS = 10_000

/**
 * Counts opsdeck's own refusals. The platform writes the same rows for failed logins of its page, by anybody on the
 * internet and with whatever user agent they send, but always with `login_hash`.
 */
async function slowDown(postgres: Postgres, fingerprint: string, signal?: AbortSignal): Promise<void> {
  const { refusals } = await postgres.run(
    db =>
      ownAudit(db)
        .select(eb => eb.fn.countAll<string>().as("refusals"))
        .where("action", "=", "auth.login")
        .where("target_type", "=", "user_login")
        .where("target_id", "=", fingerprint)
        .where(sql`metadata_json -> 'login_hash'`, "is", null)
        .where("ts", ">", REMEMBERED)
        .executeTakeFirstOrThrow(),
    signal,
  )
  if (refusals === "0") return
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (Number(refusals) - 1), LONGEST_WAIT_MS)
  await delay(wait, undefined, signal === undefined ? {} : { signal })
}

/** On a replica nothing remembers a refusal, so it takes as long itself as the attempts after it would. */
async function recordRefusal(postgres: Postgres, { method, fingerprint }: Attempt, traceId: string): Promise<void> {
  const isRecorded = await record(postgres, `a refused sign-in (${method}, SHA-256 ${fingerprint})`, tx =>
    writeAudit(tx, {
      action: "auth.login",
      traceId,
      actor: null,
      target: { type: "user_login", id: fingerprint },
      metadata: { result: "failed", method },
    }),
  )
  if (!isRecorded) await delay(UNRECORDED_WAIT_MS)
}

async function recordSignIn(postgres: Postgres, operator: Operator, audited: boolean, traceId: string): Promise<void> {
  const { userId, apiKeyId, method } = operator
  if (!audited && apiKeyId === null) return
  await record(postgres, `the sign-in of user ${userId} (${method})`, async tx => {
    if (apiKeyId !== null) {
      await tx.updateTable("api_keys").set({ last_used_at: sql<string>`now()` }).where("id", "=", apiKeyId).execute()
    }
    if (!audited) return
    await writeAudit(tx, {
      action: "auth.login",
      traceId,
      actor: { userId, apiKeyId },
      target: { type: "user", id: userId },
      metadata: { result: "succeeded", method },
    })
  })
}

/** Writes what signing in leaves behind; false on a replica, which takes nothing, and then the log file has it. */
async function record(
  postgres: Postgres,
  what: string,
  work: (tx: Transaction<Tables>) => Promise<void>,
): Promise<boolean> {
  try {
    await postgres.record(work)
    return true
  } catch (error) {
    if (asDeckError(error).code !== "read_only") throw error
    console.info(`not in the audit log, since PostgreSQL is a replica: ${what}`)
    return false
  }
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
