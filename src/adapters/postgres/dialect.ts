import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
} from "kysely"

/** kysely's PostgreSQL dialect whose `begin` sends several statements in one text: one round trip. */
export class DialectBeginning extends PostgresDialect {
  private readonly begin: string

  constructor(config: PostgresDialectConfig, begin: string) {
    super(config)
    this.begin = begin
  }

  override createDriver(): Driver {
    const beginTransaction = async (connection: DatabaseConnection) => {
      await connection.executeQuery(CompiledQuery.raw(this.begin))
    }
    return Object.assign(super.createDriver(), { beginTransaction })
  }
}
