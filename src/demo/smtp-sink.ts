import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { SMTPServer } from "smtp-server"

/** Credentials; like everything in the demo, no secret. */
export const SINK_LOGIN = { user: "platform", pass: "not-a-secret" } as const

/** Starts a mail server on a free port of the loopback address: it accepts any mail and delivers none. */
export async function startSmtpSink() {
  let taken = 0
  const server = new SMTPServer({
    banner: "the demo's mail server",
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    // Open connections are not waited for when the demo ends.
    closeTimeout: 1,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === SINK_LOGIN.user && password === SINK_LOGIN.pass) done(null, { user: username })
      else done(Object.assign(new Error("5.7.8 authentication failed"), { responseCode: 535 }))
    },
    onData(stream, _session, done) {
      stream.resume().on("end", () => done(null, `taken as mail ${++taken} of the demo, delivered to nobody`))
    },
  })
  // A client that disconnects is no error.
  server.on("error", () => {})
  const { server: listener } = server
  server.listen(0, "127.0.0.1")
  await once(listener, "listening")
  return {
    port: (listener.address() as AddressInfo).port,
    stop: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}
