import { steadyNow } from "../../domain/steady-now.ts"
import { chooseServer, fitness, isChoice, LOOK_MS } from "./choice.ts"
import type { Endpoint, Endpoints } from "./endpoint.ts"
import { NoServerError } from "./errors.ts"
import { Server } from "./server.ts"
import { ANSWER_TIMEOUT_MS } from "./session.ts"

/** How often a better server is looked for, while one is used that is only good enough. */
const LOOK_EVERY_MS = 5_000

/** The servers of a URL, of which one is in use. It is chosen when it is needed, and for as long as it does. */
export class Servers {
  private readonly endpoints: Endpoints
  private readonly max: number
  private readonly patienceMs: number
  private current: Server | undefined
  private choosing: Promise<Server> | undefined
  private lookedAt = 0
  /** The newest timeline of a primary that was in use: one that is older was left behind by a promotion. */
  private newest = 0

  /** At most `max` connections are made to a server; `hasAlternative` says that there is another one than those of the URL. */
  constructor(endpoints: Endpoints, max: number, hasAlternative = false) {
    this.endpoints = endpoints
    this.max = max
    const usual = hasAlternative || this.count > 1 ? LOOK_MS : ANSWER_TIMEOUT_MS
    this.patienceMs = endpoints.connectTimeoutMs ?? usual
  }

  get count(): number {
    return this.endpoints.all.length
  }

  /** The server in use, else the first one. */
  get endpoint(): Endpoint {
    return this.current?.endpoint ?? this.endpoints.all[0]
  }

  /** Returns the server in use, or chooses one. Throws NoServerError that tells of each why it will not do. */
  async use(): Promise<Server> {
    if (this.current !== undefined) return this.current
    this.choosing ??= this.choose().finally(() => {
      this.choosing = undefined
    })
    return this.choosing
  }

  /**
   * Told by each transaction what its server is by now. One that will do while there is nothing better is used until there is; one
   * that will not is left, and NoServerError thrown.
   */
  heed(server: Server, isStandby: boolean): void {
    const { wanted } = this.endpoints
    const fits = fitness(wanted, isStandby)
    if (fits === "good" && this.count > 1) void this.lookForBetter(server)
    if (fits !== "none") return
    this.leave(server)
    const role = isStandby ? "standby" : "primary"
    throw new NoServerError(
      `PostgreSQL at ${server.endpoint.address} is a ${role}, target_session_attrs asks for ${wanted}`,
    )
  }

  /** Uses `server` no more, which is gone. One without an alternative stays. */
  leave(server: Server): void {
    if (!isChoice(this.endpoints) || server !== this.current) return
    this.current = undefined
    void server.leave()
  }

  async close(): Promise<void> {
    await this.current?.leave()
  }

  private async choose(): Promise<Server> {
    const { endpoint, timeline = 0 } = await chooseServer(this.endpoints, this.newest)
    this.newest = Math.max(this.newest, timeline)
    this.lookedAt = steadyNow()
    this.current = new Server(endpoint, this.max, this.patienceMs)
    return this.current
  }

  private async lookForBetter(server: Server): Promise<void> {
    if (steadyNow() - this.lookedAt < LOOK_EVERY_MS) return
    this.lookedAt = steadyNow()
    const found = await chooseServer(this.endpoints, this.newest).catch(() => undefined)
    if (found !== undefined && found.endpoint !== server.endpoint) this.leave(server)
  }
}
