import { connect } from "node:tls"
import type { Endpoint } from "./endpoint.ts"

/** How long a server may take to refuse a client after the handshake. */
const REFUSES_WITHIN_MS = 1_000

/**
 * Returns the error by which the server at an endpoint refuses a client's TLS, undefined where it does not. In TLS 1.3 a
 * server refuses a client without a certificate after the handshake; who has sent something by then sees a reset instead.
 */
export function tlsRefusal({ client }: Endpoint): Promise<Error | undefined> {
  return new Promise(resolve => {
    const socket = connect({ ...client.tls, host: client.host as string, port: client.port as number })
    const settle = (refusal?: Error) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(refusal)
    }
    const timer = setTimeout(settle, REFUSES_WITHIN_MS)
    socket.on("error", settle)
    socket.on("close", () => settle())
  })
}
