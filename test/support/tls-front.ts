import { once } from "node:events"
import { readFileSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { TLSSocket } from "node:tls"
import type { Identity } from "./certificates.ts"

const file = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), "utf8")

/** The authority that signed the front's certificate, as PEM; Node does not know it by itself. */
export const TEST_AUTHORITY = file("ca.pem")

const OWN: Identity = { cert: file("server.crt.pem"), key: file("server.key.pem") }

export interface TlsFrontOptions {
  /** Default: one for `localhost` and 127.0.0.1. */
  readonly identity?: Identity
  /** Whether a client asks for TLS first, as PostgreSQL's do. */
  readonly asked?: boolean
}

export interface TlsFront {
  readonly port: number
  /** How many bytes the clients sent to the server behind. */
  readonly taken: () => number
  close(): Promise<void>
}

/** TLS in front of a server on the loopback address. */
export async function startTlsFront(upstreamPort: number, options: TlsFrontOptions = {}): Promise<TlsFront> {
  const { identity = OWN, asked = false } = options
  const sockets = new Set<Socket>()
  let taken = 0
  const secure = (socket: Socket) => {
    const client = new TLSSocket(socket, { isServer: true, ...identity })
    const upstream = connect(upstreamPort, "127.0.0.1")
    client.on("data", chunk => {
      taken += chunk.length
    })
    client.pipe(upstream).pipe(client)
    upstream.on("error", () => client.destroy())
    client.on("error", () => upstream.destroy())
    client.on("close", () => upstream.destroy())
  }
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    if (!asked) return secure(socket)
    socket.once("data", () => {
      socket.write("S")
      secure(socket)
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: (server.address() as { port: number }).port,
    taken: () => taken,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}
