import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Redis } from "ioredis"
import { freePort } from "../../src/demo/free-port.ts"
import { type RedisServer, startRedisServer } from "../../src/demo/redis-server.ts"
import { returningClient } from "./returning-client.ts"
import { until } from "./waiting.ts"

const SLOTS = 16_384

/** A node of a Cluster, and a connection to it. */
export interface ClusterNode {
  server: RedisServer
  readonly redis: Redis
  /** Directory and arguments, for a start anew. */
  readonly dir: string
  readonly args: readonly string[]
}

/** Three primaries that share the slots, each with a replica. */
export class RedisCluster {
  readonly nodes: readonly ClusterNode[]

  private constructor(nodes: readonly ClusterNode[]) {
    this.nodes = nodes
  }

  static async start(args: readonly string[] = []): Promise<RedisCluster> {
    const nodes: ClusterNode[] = []
    const buses: number[] = []
    while (nodes.length < 6) {
      const bus = await freePort()
      const own = ["--cluster-enabled", "yes", "--cluster-port", String(bus), "--cluster-node-timeout", "1000"]
      const all = [...own, "--cluster-announce-ip", "127.0.0.1", "--repl-diskless-sync-delay", "0", ...args]
      const dir = mkdtempSync(join(tmpdir(), "opsdeck-node-"))
      const server = await startRedisServer({ dir, args: all })
      nodes.push({ server, redis: returningClient(server.url), dir, args: all })
      buses.push(bus)
    }
    const cluster = new RedisCluster(nodes)
    await cluster.join(buses)
    return cluster
  }

  /** The URL by `count` of its nodes. */
  url(count = this.nodes.length): string {
    return `redis+cluster://${this.nodes
      .slice(0, count)
      .map(({ server }) => `127.0.0.1:${server.port}`)
      .join(",")}`
  }

  /** The primary that has `key` now, by what the node `asked` says; the first one that lives unless told. */
  async ownerOf(key: string, [asked] = this.living()): Promise<ClusterNode> {
    const { redis } = asked as ClusterNode
    const slot = Number(await redis.cluster("KEYSLOT", key))
    const [, , node] = (await redis.cluster("SLOTS")).find(([from, to]) => from <= slot && slot <= to) ?? []
    return this.nodes.find(({ server }) => server.port === node?.[1]) as ClusterNode
  }

  /** Gives the slot of `key` to another primary, with all that is in it, as an operator would. */
  async move(key: string): Promise<ClusterNode> {
    const from = await this.ownerOf(key)
    const to = (await this.primaries()).find(node => node !== from) as ClusterNode
    const slot = Number(await from.redis.cluster("KEYSLOT", key))
    const [fromId, toId] = await Promise.all([from.redis.cluster("MYID"), to.redis.cluster("MYID")])
    await to.redis.cluster("SETSLOT", slot, "IMPORTING", fromId)
    await from.redis.cluster("SETSLOT", slot, "MIGRATING", toId)
    for (const one of await from.redis.cluster("GETKEYSINSLOT", slot, 1_000)) {
      await from.redis.migrate("127.0.0.1", to.server.port, one, 0, 5_000)
    }
    for (const { redis } of [to, from]) await redis.cluster("SETSLOT", slot, "NODE", toId)
    return to
  }

  /**
   * Kills the primary that has `key`, and waits until its replica is one. `cutOff`: for so many ms before, its replica hears nothing
   * of it.
   */
  async failover(key: string, cutOff = 0): Promise<ClusterNode> {
    const killed = await this.ownerOf(key)
    if (cutOff > 0) {
      // It would be back at once.
      await killed.redis.call("ACL", "SETUSER", "default", "-psync", "-sync")
      await killed.redis.call("CLIENT", "KILL", "TYPE", "replica")
      await delay(cutOff)
    }
    killed.server.process.kill("SIGKILL")
    await until(() => killed.server.process.signalCode !== null)
    const others = this.living()
    await until(async () => (await this.ownerOf(key, others)) !== killed)
    await until(async () => (await others[0]?.redis.cluster("INFO"))?.includes("cluster_state:ok"))
    return killed
  }

  /** Starts a killed node again, with what it knows of the others, and waits until all is well. */
  async restart(node: ClusterNode): Promise<void> {
    node.server = await startRedisServer({ dir: node.dir, port: node.server.port, args: node.args })
    for (const one of this.nodes) await until(() => isReady(one))
  }

  async primaries(): Promise<ClusterNode[]> {
    const roles = await Promise.all(this.living().map(async node => ({ node, role: await node.redis.role() })))
    return roles.filter(({ role }) => role[0] === "master").map(({ node }) => node)
  }

  async stop(): Promise<void> {
    for (const { redis } of this.nodes) redis.disconnect()
    await Promise.all(this.nodes.map(({ server }) => server.stop()))
    for (const { dir } of this.nodes) rmSync(dir, { recursive: true, force: true })
  }

  private living = () => this.nodes.filter(({ server }) => server.process.signalCode === null)

  private async join(buses: readonly number[]): Promise<void> {
    const [first] = this.nodes as [ClusterNode]
    for (const [i, { server }] of this.nodes.entries()) {
      await first.redis.call("CLUSTER", "MEET", "127.0.0.1", server.port, buses[i] as number)
    }
    const share = Math.ceil(SLOTS / 3)
    for (const [i, { redis }] of this.nodes.slice(0, 3).entries()) {
      await redis.call("CLUSTER", "ADDSLOTSRANGE", i * share, Math.min(SLOTS, (i + 1) * share) - 1)
    }
    const knowsAll = async ({ redis }: ClusterNode) => (await redis.cluster("INFO")).includes("cluster_known_nodes:6")
    for (const node of this.nodes) await until(() => knowsAll(node))
    for (const [i, { redis }] of this.nodes.slice(3).entries()) {
      const id = await this.nodes[i]?.redis.cluster("MYID")
      await until(async () => String(await redis.cluster("NODES")).includes(`${id} `))
      await redis.cluster("REPLICATE", id as string)
    }
    for (const node of this.nodes) await until(() => isReady(node))
  }
}

/** Whether a node finds that all of the Cluster is well, with three replicas. */
async function isReady({ redis }: ClusterNode): Promise<boolean> {
  const [info, replication, nodes] = await Promise.all([
    redis.cluster("INFO"),
    redis.info("replication"),
    redis.cluster("NODES"),
  ])
  const isWhole = String(nodes).match(/ (myself,)?slave /g)?.length === 3 && !/fail/.test(String(nodes))
  return info.includes("cluster_state:ok") && !replication.includes("link_status:down") && isWhole
}
