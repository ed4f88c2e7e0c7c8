import "zod"
import type { LineFinding } from "./cidr-list.ts"
import type { Operator, TermName } from "./filter-language.ts"

declare module "zod" {
  /** Description of an input field, shared by commands and forms. */
  interface GlobalMeta {
    /** A few words for help and forms. */
    label?: string
    /** Placeholder of the value in help: `UUID`, `N`. */
    placeholder?: string
    /** Given by its position on the command line, in the order of the schema, not by an option. */
    positional?: boolean
    /** Takes all the words that remain on the command line, joined by spaces: a filter. */
    words?: boolean
    /** Name of its option, unless that is its name in kebab case: `active`. */
    option?: string
    /** A dash before its value belongs to it: `--sort -created_at`. */
    signed?: boolean
    /** Omitted from tables: only cards and `--json` show it; of a whole answer, `--json` alone. */
    detail?: boolean
    /** Hidden while it is typed. */
    secret?: boolean
    /** Name of the term that stands for it in the filter of its list. */
    term?: string
    /**
     * What its term takes, where that does not follow from the schema: the example is a value, and a name is one of any text.
     * `given` is the operator that the field itself stands for, and `help` what the term is for, where that is not the label.
     */
    takes?: Partial<Pick<TermName, "expects" | "example" | "operators" | "isPlain" | "remedy">> & {
      readonly isName?: boolean
      readonly given?: Operator
      readonly help?: string
    }
    /** The environment variable that a command reads it from: a secret is no option. */
    variable?: string
    /** Values for completion; a label explains a value. */
    complete?: () => readonly { readonly value: string; readonly label: string }[]
    /** Formats a value, for display and in a form. */
    format?: (value: never) => string
    /** Returns the findings about each line of a list. */
    examine?: (lines: readonly string[]) => readonly LineFinding[]
  }
}
