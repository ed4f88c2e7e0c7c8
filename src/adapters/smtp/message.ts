import MailComposer from "nodemailer/lib/mail-composer"
import { DeckError } from "../../domain/errors.ts"
import { asciiAddress, type Mailbox } from "../../domain/mail-address.ts"

const TEXT = `This mail was sent by opsdeck to test the platform's e-mail settings.
If you can read it, they work.
`

/** Composes a test mail. Throws DeckError "invalid" unless its only recipient is `to`, exactly as typed. */
export async function compose(from: Mailbox, to: string): Promise<Buffer> {
  const wanted = asciiAddress(to)?.toLowerCase()
  if (wanted === undefined) throw noAddress()
  const mail = new MailComposer({
    from: { ...from },
    to: { name: "", address: to },
    subject: "Test mail from opsdeck",
    text: TEXT,
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  const recipients = [mail.getEnvelope().to].flat()
  if (recipients.length !== 1 || asciiAddress(String(recipients[0]))?.toLowerCase() !== wanted) throw noAddress()
  return mail.build()
}

const noAddress = () => new DeckError("invalid", "must be one plain address, like ops@example.com", { field: "to" })
