interface Listener {
  /** The client begins the command `verb`. */
  said(verb: string): void
  /** The server has answered the command `verb`; its first words are the answer to "greeting". */
  heard(verb: string, reply: string): void
}

/**
 * A logger that nodemailer tells its conversation to (`transactionLog`), the only one to hear of replies as they come.
 * Of what the client says the verb alone is looked at: the rest may be a login. Commands may be sent several at a time,
 * so a reply belongs to the oldest one without an answer.
 */
export function conversationLog({ said, heard }: Listener) {
  const unanswered = ["greeting"]
  const ignore = () => {}
  return {
    ...{ trace: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
    debug({ tnx }: { tnx?: string }, text: string) {
      if (tnx === "server") heard(unanswered.shift() ?? "", text)
      if (tnx !== "client") return
      const verb = text.split(" ", 1)[0] as string
      unanswered.push(verb)
      said(verb)
    },
  }
}
