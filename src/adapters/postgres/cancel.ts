import pg from "pg"
import type { Endpoint } from "./endpoint.ts"

/** The protocol connection below pg's client, which its types leave out. */
interface ProtocolConnection extends NodeJS.EventEmitter {
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
  stream: { destroy(): void }
}

const TIMEOUT_MS = 2_000

/**
 * Asks the server, over a separate connection, to stop the statement of process `processId`: the protocol's
 * CancelRequest, which works through PgBouncer as well (`pg_cancel_backend` does not). Resolves when the server has
 * received it, or cannot be reached; never rejects.
 */
export function cancelRequest(endpoint: Endpoint, processId: number, secretKey: number): Promise<void> {
  const { connection } = new pg.Client(endpoint.config) as unknown as { connection: ProtocolConnection }
  const { ssl, sslnegotiation } = endpoint.config
  return new Promise(resolve => {
    const timer = setTimeout(() => connection.stream.destroy(), TIMEOUT_MS)
    connection.once("end", () => {
      clearTimeout(timer)
      resolve()
    })
    connection.on("error", () => connection.stream.destroy())
    // With direct negotiation TLS begins without a request.
    if (ssl && sslnegotiation !== "direct") connection.once("connect", () => connection.requestSsl())
    connection.once(ssl ? "sslconnect" : "connect", () => connection.cancel(processId, secretKey))
    if (endpoint.host.startsWith("/")) connection.connect(`${endpoint.host}/.s.PGSQL.${endpoint.port}`)
    else connection.connect(endpoint.port, endpoint.config.host)
  })
}
