import pg from "pg"
import type { TestProject } from "vitest/node"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the maintenance database, as superuser, on the PostgreSQL that the tests share. */
    postgresUrl: string
  }
}

/** The server of a run and how many projects use it. Each of them loads this module anew, so it lives beside. */
interface Shared {
  readonly server: Promise<PostgresServer>
  users: number
}
const run = globalThis as { opsdeckPostgres?: Shared }

/**
 * As a global setup of vitest: one PostgreSQL for all test files of all projects, with an empty platform database of each
 * generation to copy from.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.opsdeckPostgres ??= { server: startWithTemplates(), users: 0 }
  const shared = run.opsdeckPostgres
  shared.users++
  const server = await shared.server
  project.provide("postgresUrl", server.url("postgres"))
  return async () => {
    shared.users--
    if (shared.users === 0) await server.stop()
  }
}

async function startWithTemplates(): Promise<PostgresServer> {
  const server = await startPostgresServer()
  await createTemplates(server)
  return server
}

/** Makes the empty platform database that those of tests are copies of. */
export async function createTemplate(server: PostgresServer): Promise<void> {
  await server.createDatabase("template_orgs")
  await migrate(server.url("template_orgs"))
}

async function createTemplates(server: PostgresServer): Promise<void> {
  await createTemplate(server)
  await server.createDatabase("template_accounts", "template_orgs")
  const client = new pg.Client(server.url("template_accounts"))
  await client.connect()
  await client.query(NEWER_GENERATION)
  await client.end()
}

/** Turns the contract's tables into those of the newer deployments, which have columns and tables of their own besides. */
const NEWER_GENERATION = `
alter table orgs rename to accounts;
alter table org_memberships rename to account_memberships;
alter table account_memberships rename column org_id to account_id;
alter table rbac_roles rename column org_id to account_id;
alter table api_keys rename column org_id to account_id;
alter table threads rename column org_id to account_id;
alter table runs rename column org_id to account_id;
alter table usage_records rename column org_id to account_id;
alter table audit_logs rename column org_id to account_id;
alter table redemption_records rename column org_id to account_id;
alter table scheduled_jobs rename column org_id to account_id;
alter table scheduled_triggers rename column org_id to account_id;
alter table channels rename column org_id to account_id;
alter table credits rename column org_id to account_id;
alter table credit_transactions rename column org_id to account_id;
alter table messages rename column org_id to account_id;

alter table users add column source text not null default 'web', add column limits jsonb not null default '{}';
alter table user_credentials add column email text, add column status text, add column username text;
alter table accounts add column plan text not null default 'free';
alter table account_memberships add column status text not null default 'active';
alter table api_keys add column metadata jsonb, add column role text, add column status text;
alter table runs add column profile_ref text, add column metadata jsonb not null default '{"account_id": null}';
alter table audit_logs add column severity text not null default 'info';
alter table credit_transactions add column metadata jsonb;
create table account_invitations (id uuid primary key, account_id uuid not null, status text, created_at timestamptz);
create table projects (id uuid primary key, account_id uuid not null, name text, created_at timestamptz);
`
