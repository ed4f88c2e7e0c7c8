import {
  CompiledQuery,
  type DatabaseConnection,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
} from "kysely"

/** kysely's PostgreSQL dialect whose `begin` sends several statements in one text: one round trip. */
export class DialectBeginning extends PostgresDialect {
  private readonly config: PostgresDialectConfig
  private readonly begin: string

  constructor(config: PostgresDialectConfig, begin: string) {
    super(config)
    this.config = config
    this.begin = begin
  }

  override createDriver(): PostgresDriver {
    return new DriverBeginning(this.config, this.begin)
  }
}

class DriverBeginning extends PostgresDriver {
  private readonly begin: string

  constructor(config: PostgresDialectConfig, begin: string) {
    super(config)
    this.begin = begin
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(this.begin))
  }
}
