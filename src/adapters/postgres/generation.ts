import {
  type IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from "kysely"
import { DeckError } from "../../domain/errors.ts"

/** Naming generation of the platform's schema (contract, section 3). */
export type Generation = "orgs" | "accounts"

/** Names of the "accounts" generation, by the contract's names. */
const NEWER_NAMES: ReadonlyMap<string, string> = new Map([
  ["orgs", "accounts"],
  ["org_memberships", "account_memberships"],
  ["org_id", "account_id"],
])
const CONTRACT_NAMES: ReadonlyMap<string, string> = new Map([...NEWER_NAMES].map(([ours, newer]) => [newer, ours]))

/** Translates `name` of either generation to the contract's, for names quoted in driver errors. */
export const inContractNames = (name: string): string => CONTRACT_NAMES.get(name) ?? name

/** Possible names of the contract's `name` in a database: its own, and that of the newer generation. */
export const namesOf = (name: string): [ours: string, newer: string] => [name, NEWER_NAMES.get(name) ?? name]

/** Translates the contract's `name` to that of `generation`. */
export const nameIn = (generation: Generation, name: string): string => namesOf(name)[generation === "orgs" ? 0 : 1]

interface Queryable {
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>
}

/** Detects the generation by the memberships table: one called `accounts` may belong to another application. */
export async function detectGeneration(client: Queryable): Promise<Generation> {
  const { rows } = await client.query(
    "select to_regclass('account_memberships') is not null as accounts, to_regclass('org_memberships') is not null as orgs",
  )
  if (rows[0]?.accounts) return "accounts"
  if (rows[0]?.orgs) return "orgs"
  throw new DeckError(
    "unavailable",
    "this PostgreSQL database does not hold the platform's tables: check DATABASE_URL (in an empty database, `opsdeck migrate` creates them)",
  )
}

/** Returns the plugins that translate queries in the contract's names to `generation`. */
export const pluginsFor = (generation: Generation): KyselyPlugin[] =>
  generation === "accounts" ? [new NewerNames()] : []

/** Plugin that renames identifiers of queries, and top-level result keys back; never keys within JSON values. */
class NewerNames implements KyselyPlugin {
  private readonly transformer = new IdentifierRenamer()

  transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return this.transformer.transformNode(args.node, args.queryId)
  }

  async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return { ...args.result, rows: args.result.rows.map(inContractKeys) }
  }
}

class IdentifierRenamer extends OperationNodeTransformer {
  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    const name = NEWER_NAMES.get(node.name)
    return name === undefined ? node : { ...node, name }
  }
}

const inContractKeys = (row: UnknownRow): UnknownRow =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [inContractNames(key), value]))
