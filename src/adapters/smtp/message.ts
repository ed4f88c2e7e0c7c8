import MailComposer from "nodemailer/lib/mail-composer"
import { DeckError } from "../../domain/errors.ts"
import type { Mailbox } from "../../domain/mail-address.ts"

const TEXT = `This mail was sent by opsdeck to try the platform's e-mail settings.
That you can read it means that they work.
`

/** A test mail ready for sending. Throws DeckError "invalid" unless it would go to `to`, as it was typed, and nobody else. */
export async function compose(from: Mailbox, to: string): Promise<Buffer> {
  const mail = new MailComposer({
    from: { ...from },
    to: { name: "", address: to },
    subject: "Test mail from opsdeck",
    text: TEXT,
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  const envelope = mail.getEnvelope()
  const recipients = [envelope.to].flat()
  if (recipients.length !== 1 || String(recipients[0]).toLowerCase() !== to.toLowerCase()) {
    throw new DeckError("invalid", "must be one plain address, like ops@example.com", { field: "to" })
  }
  return mail.build()
}
