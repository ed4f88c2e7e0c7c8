import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"
import { onTestFinished } from "vitest"

/** A wire to a server on the loopback address, on which every byte that a client sends is kept. */
export interface Wire {
  readonly port: number
  /** What the clients sent, a letter a byte. */
  readonly sent: () => string
}

/** Lays one to `upstreamPort`; it ends with the test. */
export async function layWire(upstreamPort: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  const chunks: Buffer[] = []
  const server = createServer(client => {
    const upstream = connect(upstreamPort, "127.0.0.1")
    client.on("data", chunk => chunks.push(chunk as Buffer))
    client.pipe(upstream).pipe(client)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on("error", () => other.destroy())
      socket.on("close", () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, "close")
  })
  return { port: (server.address() as AddressInfo).port, sent: () => Buffer.concat(chunks).toString("latin1") }
}
