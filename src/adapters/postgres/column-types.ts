/** Declarations of columns that most tables have. */
export const ID = "uuid not null default gen_random_uuid() primary key"
export const NOW = "timestamptz not null default now()"
