import "zod"
import type { LineFinding } from "./cidr-list.ts"

declare module "zod" {
  /** How a person meets an input field; commands and forms read it from the one schema. */
  interface GlobalMeta {
    /** A few words for help and forms. */
    label?: string
    /** What stands for the value in help: `UUID`, `N`. */
    placeholder?: string
    /** Given by its place on the command line, in the order of the schema, not by an option. */
    positional?: boolean
    /** What its option is called where that is not its name in kebab case: `active`. */
    option?: string
    /** Too much for a table: only cards and `--json` show it; of a whole answer, `--json` alone. */
    detail?: boolean
    /** Never shown while it is typed. */
    secret?: boolean
    /** The environment variable that a command takes it from: a secret is no option. */
    variable?: string
    /** What it can be, for completing what is typed; a label says what a value means. */
    complete?: () => readonly { readonly value: string; readonly label: string }[]
    /** A value as people read it everywhere, and as it stands in a form. */
    spell?: (value: never) => string
    /** Of a list, what there is to say about each of its lines. */
    examine?: (lines: readonly string[]) => readonly LineFinding[]
  }
}
