interface Listener {
  /** The server has answered the command `verb`; its first reply answers "greeting". */
  onReply(verb: string, reply: string): void
}

/**
 * Logger for nodemailer's `transactionLog`, the only way to see replies as they come. Of what the client sends only the
 * verb is looked at: the rest may be a login. Commands may be pipelined, so a reply belongs to the oldest one without
 * an answer.
 */
export function conversationLog({ onReply }: Listener) {
  const unanswered = ["greeting"]
  const ignore = () => {}
  return {
    ...{ trace: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
    debug({ tnx }: { tnx?: string }, text: string) {
      if (tnx === "server") onReply(unanswered.shift() ?? "", text)
      if (tnx === "client") unanswered.push(text.split(" ", 1)[0] as string)
    },
  }
}
