import type { CommandCall } from "../../../domain/command-line.ts"
import type { ExportedRecord } from "../../../domain/delimited.ts"
import { declaredOf, fieldsOf, listedRow } from "../../../domain/schema.ts"
import { type Contract, contractOf, type Operation } from "../../../services/operation.ts"

/** Command of the contract that answers what a screen shows; records are exported as its `--json` prints them. */
export interface Contracted<Subject> {
  readonly operation: Pick<Operation, "words" | "input" | "answer"> & { readonly contract?: Contract }
  /** Converts `subject` to the fields of the command's answer; additional ones are dropped. */
  readonly convert?: (subject: Subject) => object
}

/** Record that a command shows; `given` is the command's input. */
export interface ContractedThing<Subject> extends Contracted<Subject> {
  readonly given?: (subject: Subject) => CommandCall["given"]
}

function schemaOf({ operation }: Contracted<never>) {
  const { answer } = contractOf(operation)
  return listedRow(answer) ?? answer
}

/** Returns `subject` as the command prints it: a row of a list, or the answer. */
export const recordOf = <Subject>(contracted: Contracted<Subject>, subject: Subject): ExportedRecord =>
  declaredOf(schemaOf(contracted), contracted.convert?.(subject) ?? subject) as ExportedRecord

/** Returns the names of the exported fields, in order. */
export const columnsOf = (contracted: Contracted<never>): readonly string[] =>
  Object.keys(fieldsOf(schemaOf(contracted)))

/** Returns the call of the command with the input `given`. */
export const callOf = ({ operation }: Contracted<never>, given: CommandCall["given"]): CommandCall => ({
  words: operation.words,
  input: contractOf(operation).input,
  given,
})
