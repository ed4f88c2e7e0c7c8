import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** A bad network between a client and a server on the loopback address. */
export interface TcpProxy {
  readonly port: number
  /** Connections open now, as the proxy sees them. */
  readonly open: number
  /** Ends every connection with an RST. */
  reset(): void
  /** From now on no byte passes in either direction, and nobody is told. */
  swallow(): void
  /** What was held back passes again. */
  restore(): void
  close(): Promise<void>
}

/** Listens on a free port, or on `port`: that of one that was closed, for instance. */
export async function startTcpProxy(upstreamPort: number, port = 0): Promise<TcpProxy> {
  const clients = new Set<Socket>()
  const upstreams = new Set<Socket>()
  let swallowing = false

  const server = createServer(client => {
    const upstream = connect(upstreamPort, "127.0.0.1")
    for (const [socket, peer, all] of [
      [client, upstream, clients],
      [upstream, client, upstreams],
    ] as const) {
      all.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => {
        all.delete(socket)
        if (!swallowing) peer.destroy()
      })
      socket.on("data", bytes => void peer.write(bytes))
      if (swallowing) socket.pause()
    }
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  const sockets = () => [...clients, ...upstreams]

  return {
    port: (server.address() as { port: number }).port,
    get open() {
      return clients.size
    },
    reset() {
      for (const client of clients) client.resetAndDestroy()
    },
    swallow() {
      swallowing = true
      for (const socket of sockets()) socket.pause()
    },
    restore() {
      swallowing = false
      for (const socket of sockets()) socket.resume()
    },
    async close() {
      for (const socket of sockets()) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}
