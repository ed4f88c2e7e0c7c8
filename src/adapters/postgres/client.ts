import pg from "pg"

/** A client that closes its connection when it cannot sign in; pg leaves it open, and the server waits for a minute. */
export class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    this.connection.on("error", () => this.drop())
  }

  /** Closes the connection without a farewell, which a dead network would wait for. */
  drop(): void {
    this.connection.stream.destroy()
  }
}
