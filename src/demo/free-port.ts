import { once } from "node:events"
import { createServer } from "node:net"

/** Returns `wanted`, or any free port of the loopback address without it; rejects when `wanted` is in use. */
export async function freePort(wanted = 0): Promise<number> {
  const probe = createServer().listen(wanted, "127.0.0.1")
  await once(probe, "listening")
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, "close")
  return port
}
