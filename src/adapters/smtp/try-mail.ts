import type { MailOutcome, MailSettings, MailStep } from "../../domain/mail-step.ts"
import { converse } from "./conversation.ts"
import { explain } from "./explain.ts"
import { compose } from "./message.ts"
import { Progress } from "./progress.ts"
import { reach } from "./reach.ts"

/** Of the whole attempt: a server that sends a byte now and then stays within the deadline of any single step. */
const DEADLINE_MS = 19_000

/**
 * Sends a mail to `to` through the server of `settings`, and yields each step as it is done; the last one is the one
 * that failed. Returns the result; when `signal` fires, that it was cancelled. Throws DeckError "invalid" for anything
 * but a single address, before connecting. No result contains the password.
 */
export async function* tryMail(
  settings: MailSettings,
  to: string,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
): AsyncGenerator<MailStep, MailOutcome> {
  const message = await compose(settings.from, to)
  const progress = new Progress(settings)
  const leaving = new AbortController()
  const unwanted = AbortSignal.any([signal, leaving.signal])
  const outcome = attempt(settings, { to, message }, progress, unwanted, deadlineMs)
  try {
    yield* progress.steps
    return await outcome
  } finally {
    // A consumer that stops reading ends it as well.
    leaving.abort()
    await outcome
  }
}

async function attempt(
  settings: MailSettings,
  mail: { to: string; message: Buffer },
  progress: Progress,
  unwanted: AbortSignal,
  deadlineMs: number,
): Promise<MailOutcome> {
  const late = AbortSignal.timeout(deadlineMs)
  const signal = AbortSignal.any([unwanted, late])
  const outcome = (result: MailOutcome["result"], explanation: string, step: MailOutcome["step"]): MailOutcome => {
    const { response, elapsedMs, tls, offered } = progress
    return { result, explanation, response, duration_ms: elapsedMs, tls, step, offered }
  }
  try {
    const socket = await reach(settings, progress, signal)
    try {
      await converse(socket, settings, mail, progress, signal)
    } finally {
      if (signal.aborted) socket.destroy()
    }
    return outcome("accepted", `The server accepted the mail for ${mail.to}.`, null)
  } catch (error) {
    const { current: step, delivering } = progress
    if (unwanted.aborted) return outcome("ended", delivering ? ENDED_LATE : ENDED, step)
    const attempt = { step, settings, to: mail.to, delivering, ...(late.aborted && { deadlineMs }) }
    const { result, explanation, response } = explain(error, attempt)
    progress.fail(response)
    return outcome(result, explanation, step)
  } finally {
    progress.end()
  }
}

const ENDED = "Ended: nothing was sent."
const ENDED_LATE = "Ended while the mail was being sent: it may have been delivered."
