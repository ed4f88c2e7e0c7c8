import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { setTimeout as delay } from "node:timers/promises"
import { DeckError } from "../../../domain/errors.ts"
import type { SignOfLife } from "../accounts.ts"
import { type LogOwner, refuseForeign } from "../log-owner.ts"
import type { ClickHouse } from "./client.ts"
import { literal } from "./dialect.ts"
import { RECORDERS } from "./schema.ts"

/** How often the holder says that it is there, and how long after the last time it counts as gone. */
const BEAT_MS = 5_000
const LEASE_S = 20
/** Between a claim and the look for others: two that claim at once see one another. The server's times are whole seconds. */
const CLAIM_MS = 1_500

/** Signs of life of one recorder: the last one says how it is. */
interface Holder {
  readonly holder: string
  readonly machine: string
  readonly host: string
  readonly pid: string | number
  readonly silent_s: string | number
  readonly claimed_s: string | number
  readonly is_over: string | number
}

/**
 * The right to record a gateway's log: a row in the database that its holder renews every five seconds, and that ends 20 s after
 * the last time. The server's clock counts. It is no lock: who was stopped for longer looks before it goes on writing, but between
 * the look and the end of its insert it could be stopped again.
 */
export class Lease {
  /** Trouble and times that the next sign of life tells. */
  private sign: SignOfLife
  private untilMs = 0
  private readonly clickhouse: ClickHouse
  private readonly owner: LogOwner
  private readonly place: string
  private readonly holder = crypto.randomUUID()
  private beats = 0
  /** When the last sign of life was sent that arrived, by `performance.now()`. */
  private renewedAt = 0
  private timer: NodeJS.Timeout | undefined

  private constructor(clickhouse: ClickHouse, owner: LogOwner, place: string) {
    this.clickhouse = clickhouse
    this.owner = owner
    this.place = place
    const now = Date.now()
    this.sign = { pid: process.pid, sinceMs: now, atMs: now }
  }

  /** Throws DeckError: "conflict" where another recorder has it or the log is another stream's, "unavailable". */
  static async take(clickhouse: ClickHouse, owner: LogOwner, place: string): Promise<Lease> {
    const lease = new Lease(clickhouse, owner, place)
    await lease.refuseAnother()
    await lease.refuseOthers(() => true)
    await lease.beat()
    await delay(CLAIM_MS)
    try {
      await lease.refuseOthers((other, own) => isBefore(other, own))
    } catch (error) {
      await lease.release()
      throw error
    }
    lease.timer = setInterval(() => void lease.beat().catch(() => {}), BEAT_MS)
    return lease
  }

  /** Makes sure that nobody else records meanwhile. Throws DeckError "conflict" where somebody does, "unavailable". */
  async ensure(): Promise<void> {
    if (performance.now() - this.renewedAt < (LEASE_S * 1_000) / 2) return
    await this.refuseOthers(() => true)
    await this.beat()
  }

  /** Tells with the next sign of life how the recorder is. */
  tell(sign: SignOfLife, untilMs: number | undefined): void {
    this.sign = sign
    this.untilMs = Math.trunc(untilMs ?? this.untilMs)
  }

  /** Gives a sign of life. */
  async beat(isOver = false): Promise<void> {
    const { owner, holder, sign, untilMs } = this
    const sentAt = performance.now()
    const texts = { machine: MACHINE, host: hostname(), ...owner, holder, trouble: sign.trouble ?? "" }
    const numbers = { beat: this.beats++, pid: sign.pid, since_ms: sign.sinceMs, until_ms: untilMs }
    const values = {
      ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, literal(text)])),
      ...numbers,
      is_over: isOver || sign.isOver ? 1 : 0,
      at_s: SERVER_S,
      claimed_s: this.beats === 1 ? SERVER_S : 0,
    }
    const columns = Object.keys(values).join(", ")
    await this.clickhouse.run(`insert into ${RECORDERS} (${columns}) select ${Object.values(values).join(", ")}`)
    this.renewedAt = sentAt
  }

  /** Ends it at once, where the server is within reach. */
  async release(): Promise<void> {
    clearInterval(this.timer)
    await this.beat(true).catch(() => {})
  }

  private async refuseAnother(): Promise<void> {
    const query = `select stream, redis from ${RECORDERS} where ${this.ofGateway} order by at_s desc limit 1`
    const [found] = await this.clickhouse.rows<Pick<LogOwner, "stream" | "redis">>(query)
    if (found === undefined) return
    const remedy = `truncate its table ${RECORDERS}`
    refuseForeign(this.place, { ...found, gateway: this.owner.gateway }, this.owner, remedy)
  }

  private async refuseOthers(isMeant: (other: Holder, own: Holder | undefined) => boolean): Promise<void> {
    const query = `select holder, any(machine) as machine, any(host) as host, any(pid) as pid, max(claimed_s) as claimed_s,
      ${SERVER_S} - max(at_s) as silent_s, max(is_over) as is_over
      from ${RECORDERS} where ${this.ofGateway} group by holder having ${SERVER_S} - max(at_s) < ${LEASE_S}`
    const holders = await this.clickhouse.rows<Holder>(query)
    const own = holders.find(({ holder }) => holder === this.holder)
    const other = holders.find(one => one !== own && Number(one.is_over) === 0 && !hasEnded(one) && isMeant(one, own))
    if (other === undefined) return
    const { host, pid, silent_s } = other
    const left = LEASE_S - Number(silent_s)
    throw new DeckError(
      "conflict",
      `another recorder writes to ${this.place}: process ${pid} on ${host}, last seen ${silent_s} s ago` +
        ` (if it is gone, its place is free in ${left} s)`,
      { field: "history" },
    )
  }

  private get ofGateway(): string {
    return `gateway = ${literal(this.owner.gateway)}`
  }
}

const SERVER_S = "toUInt64(now())"

/** Of two that claimed at the same time, one and the same is the first to both. */
function isBefore(other: Holder, own: Holder | undefined): boolean {
  if (own === undefined) return true
  const [theirs, ours] = [Number(other.claimed_s), Number(own.claimed_s)]
  return theirs === ours ? other.holder < own.holder : theirs < ours
}

/** Whether a process of this machine is no more: it ended without a word. Of another machine's nobody knows. */
function hasEnded({ machine, pid }: Holder): boolean {
  if (machine === "" || machine !== MACHINE) return false
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH"
  }
}

/** Where process numbers mean the same: this start of the host, and the space of numbers within it; empty where nobody says. */
const MACHINE = machine()

function machine(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`
  } catch {
    return ""
  }
}
