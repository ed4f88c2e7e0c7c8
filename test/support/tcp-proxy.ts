import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** Where a connection ends: before the server gets the text, when its answer comes, or at the text with nobody told. */
type Cut = "unsent" | "unanswered" | "swallowed"

/** A bad network between a client and a server on the loopback address. */
export interface TcpProxy {
  readonly port: number
  /** Connections open now, as the proxy sees them. */
  readonly open: number
  /** Ends every connection with an RST. */
  reset(): void
  /** Cuts the connection on which a client next sends `text`, and has sent `after` before; resolves when that is done. */
  cut(text: string, when: Cut, after?: string): Promise<void>
  /** From now on no byte passes in either direction, and nobody is told. */
  swallow(): void
  /** What was held back passes again. */
  restore(): void
  close(): Promise<void>
}

/** How PostgreSQL is asked to commit, whole: "read committed" has the word in it as well. */
export const COMMIT = "commit\0"

/** Listens on a free port, or on `port`: that of one that was closed, for instance; at another loopback address, where one is given. */
export async function startTcpProxy(upstreamPort: number, port = 0, address = "127.0.0.1"): Promise<TcpProxy> {
  const clients = new Set<Socket>()
  const upstreams = new Set<Socket>()
  let swallowing = false
  let cutting:
    | { readonly text: string; readonly when: Cut; readonly after: string; readonly done: () => void }
    | undefined

  const server = createServer(client => {
    const upstream = connect(upstreamPort, "127.0.0.1")
    let fate: typeof cutting
    /** What is to be cut once its text comes. */
    let next: typeof cutting
    /** Whether `bytes` pass, after what the test wants to happen to their connection. */
    const passes = (from: Socket, bytes: Buffer) => {
      if (from === client && cutting !== undefined && bytes.includes(cutting.after)) next = cutting
      if (from === client && cutting !== undefined && next === cutting && bytes.includes(cutting.text)) {
        fate = cutting
        cutting = undefined
        if (fate.when === "unanswered") return true
      }
      if (fate === undefined) return true
      if (fate.when !== "swallowed") client.resetAndDestroy()
      fate.done()
      return false
    }
    for (const [socket, peer, all] of [
      [client, upstream, clients],
      [upstream, client, upstreams],
    ] as const) {
      all.add(socket)
      socket.on("error", () => {})
      socket.on("close", () => {
        all.delete(socket)
        if (!swallowing && fate?.when !== "swallowed") peer.destroy()
      })
      socket.on("data", bytes => {
        if (passes(socket, bytes)) peer.write(bytes)
      })
      if (swallowing) socket.pause()
    }
  })
  server.listen(port, address)
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
    cut: (text, when, after = "") =>
      new Promise(done => {
        cutting = { text, when, after, done }
      }),
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
      if (!server.listening) return
      server.close()
      await once(server, "close")
    },
  }
}

/** `url`, but by way of `proxy`. */
export function through(proxy: TcpProxy, url: string): string {
  const other = new URL(url)
  other.port = String(proxy.port)
  return other.href
}
