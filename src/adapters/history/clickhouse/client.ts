import { Readable } from "node:stream"
import type { ClickHouseClient } from "@clickhouse/client"
import type { ClickHouseServer } from "../../../config/history.ts"
import { DeckError } from "../../../domain/errors.ts"
import { NETWORK, NOT_TLS, UNTRUSTED } from "../../network-errors.ts"

const PACKAGE = "@clickhouse/client"

/** An answer that takes longer is not waited for, in ms. */
const PATIENCE_MS = 30_000

/** A database of ClickHouse; it connects when it is asked something. Its methods throw DeckError `unavailable`. */
export class ClickHouse {
  private readonly server: ClickHouseServer
  private readonly client: ClickHouseClient

  /** What goes along with each request. */
  private readonly common: { readonly session_id?: string }

  private constructor(server: ClickHouseServer, client: ClickHouseClient, common: ClickHouse["common"] = {}) {
    this.server = server
    this.client = client
    this.common = common
  }

  /** Loads the client, which nothing loads before it is needed. Throws DeckError `unavailable` where it is not installed. */
  static async open(server: ClickHouseServer): Promise<ClickHouse> {
    const { ClickHouseLogLevel, createClient } = await import("@clickhouse/client").catch(notInstalled)
    const { url, username, password, database } = server
    const log = { level: ClickHouseLogLevel.OFF }
    const options = { url, username, password, database, log, request_timeout: PATIENCE_MS, application: "opsdeck" }
    return new ClickHouse(server, createClient(options))
  }

  /** The same in a session of its own, with temporary tables; one thing is asked at a time there. It ends a minute after the last. */
  inSession(): ClickHouse {
    return new ClickHouse(this.server, this.client, { session_id: crypto.randomUUID() })
  }

  /** Runs a statement without an answer. */
  async run(statement: string): Promise<void> {
    await this.client.command({ query: statement, ...this.common }).catch(error => this.refuse(error))
  }

  /** Answers the rows of a query, by column name: whole numbers of 64 bits as text or as numbers. */
  async rows<Row>(query: string): Promise<Row[]> {
    try {
      const answer = await this.client.query({ query, format: "JSONEachRow", ...this.common })
      return await answer.json<Row>()
    } catch (error) {
      return this.refuse(error)
    }
  }

  /** As `rows`; when the signal fires the query is ended in the server as well, and the signal's reason thrown. */
  async found<Row>(query: string, signal: AbortSignal): Promise<Row[]> {
    signal.throwIfAborted()
    const query_id = crypto.randomUUID()
    const kill = { query: `kill query where query_id = '${query_id}' async` }
    const end = () => void this.client.command(kill).catch(() => {})
    signal.addEventListener("abort", end)
    try {
      const request = { query, query_id, abort_signal: signal, ...this.common }
      const answer = await this.client.query({ ...request, format: "JSONEachRow" })
      return await answer.json<Row>()
    } catch (error) {
      signal.throwIfAborted()
      return this.refuse(error)
    } finally {
      signal.removeEventListener("abort", end)
    }
  }

  /** Inserts `rows`, in the format that the statement names. Under the same `id` the server does not run two at a time. */
  async insert(statement: string, rows: Buffer, id: string, settings: Record<string, number> = {}): Promise<void> {
    try {
      const { stream } = await this.client.exec({
        query: statement,
        values: Readable.from([rows], { objectMode: false }),
        query_id: id,
        clickhouse_settings: settings,
        ...this.common,
      })
      for await (const _ of stream);
    } catch (error) {
      this.refuse(error)
    }
  }

  close(): Promise<void> {
    return this.client.close()
  }

  private refuse(cause: unknown): never {
    const { name, username, database } = this.server
    const { code, message } = serverError(cause as Error & { readonly code?: string })
    const says = REMEDIES[code]?.(username, database) ?? onTheWay(code, message) ?? message
    throw new DeckError("unavailable", `the history's server ${name}: ${says}`, { cause })
  }
}

/** The number and the sentence of an error: older servers send them in a form that the client does not take apart. */
function serverError({ code, message }: { readonly code?: string; readonly message: string }) {
  const [, number, sentence] =
    /Code: (\d+)[.,] (?:e\.displayText\(\) = )?DB::Exception: (.*?)(?:, e\.what|$)/m.exec(message) ?? []
  return { code: number ?? code ?? "", message: sentence ?? (message.split("\n")[0] as string) }
}

/** What some of the server's errors mean, by their number. */
const REMEDIES: Readonly<Record<string, (user: string, database: string) => string>> = {
  81: (_, database) => `there is no database ${database}; create it: create database ${database}`,
  192: user => `there is no user ${user}`,
  193: wrongPassword,
  497: user => `${user} lacks a right (docs/history.md has them all)`,
  516: wrongPassword,
}

/** What kept the server out of reach, by Node's code; undefined where it answered. */
function onTheWay(code: string, message: string): string | undefined {
  if (UNTRUSTED.test(code)) return "its certificate is signed by an unknown authority: add it to NODE_EXTRA_CA_CERTS"
  if (NOT_TLS.test(code) || NOT_TLS.test(message))
    return "it does not speak TLS on this port: leave secure=true out, or name the port of HTTPS"
  return NETWORK[code]
}

function wrongPassword(user: string): string {
  return `the password of ${user} is wrong: set OPSDECK_HISTORY_PASSWORD, or historyPasswordFile in the profile`
}

function notInstalled(cause: unknown): never {
  const message = `a history in ClickHouse needs its client, which is not installed: npm install -g ${PACKAGE}`
  throw new DeckError("unavailable", message, { cause })
}
