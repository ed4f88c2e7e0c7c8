import pg from "pg"

/** A client that closes its connection when it cannot sign in; pg leaves it open, and the server waits for a minute. */
export class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    this.connection.on("error", () => this.drop())
  }

  /** The same, which has `ms` to be connected, whatever a pool says: that of pg waits as long for one of its connections. */
  static within(ms: number): typeof Client {
    return class extends Client {
      constructor(config?: pg.ClientConfig) {
        // A pool hides the password from copies.
        super({ ...config, password: config?.password, connectionTimeoutMillis: ms })
      }
    }
  }

  /** Closes the connection without a farewell, which a dead network would wait for. */
  drop(): void {
    this.connection.stream.destroy()
  }
}
