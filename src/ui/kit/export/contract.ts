import type { CommandCall } from "../../../domain/command-line.ts"
import type { TakenRecord } from "../../../domain/delimited.ts"
import { declaredOf, fieldsOf, listedRow } from "../../../domain/schema.ts"
import { type Contract, contractOf, type Operation } from "../../../services/operation.ts"

/** The command of the contract that answers what a screen shows: what is taken along is what its `--json` prints. */
export interface Contracted<Subject> {
  readonly operation: Pick<Operation, "words" | "input" | "answer"> & { readonly contract?: Contract }
  /** `subject` with the fields of the command's answer, where it has them by other names; more than these may stay. */
  readonly told?: (subject: Subject) => object
}

/** A thing that the command shows by itself; `given` is its input, undefined where no command does. */
export interface ContractedThing<Subject> extends Contracted<Subject> {
  readonly given?: (subject: Subject) => CommandCall["given"]
}

function schemaOf({ operation }: Contracted<never>) {
  const { answer } = contractOf(operation)
  return listedRow(answer) ?? answer
}

/** `subject` as the command prints it: a row of a list, or the answer whole. */
export const recordOf = <Subject>(contracted: Contracted<Subject>, subject: Subject): TakenRecord =>
  declaredOf(schemaOf(contracted), contracted.told?.(subject) ?? subject) as TakenRecord

/** The names of the fields of each record, in their order. */
export const columnsOf = (contracted: Contracted<never>): readonly string[] =>
  Object.keys(fieldsOf(schemaOf(contracted)))

/** What the command is asked so that it answers what is `given` here. */
export const callOf = ({ operation }: Contracted<never>, given: CommandCall["given"]): CommandCall => ({
  words: operation.words,
  input: contractOf(operation).input,
  given,
})
