import { once } from "node:events"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { createServer, type TLSSocket } from "node:tls"

const file = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), "utf8")

/** The authority that signed the front's certificate, as PEM; Node does not know it by itself. */
export const TEST_AUTHORITY = file("ca.pem")

export interface TlsFront {
  readonly port: number
  close(): Promise<void>
}

/** TLS for `localhost` and 127.0.0.1 in front of a server on the loopback address. */
export async function startTlsFront(upstreamPort: number): Promise<TlsFront> {
  const sockets = new Set<TLSSocket>()
  const server = createServer({ cert: file("server.crt.pem"), key: file("server.key.pem") }, client => {
    sockets.add(client)
    const upstream = connect(upstreamPort, "127.0.0.1")
    client.pipe(upstream).pipe(client)
    upstream.on("error", () => client.destroy())
    client.on("error", () => upstream.destroy())
    client.on("close", () => sockets.delete(client))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}
