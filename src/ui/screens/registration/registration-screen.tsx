import type { Registration } from "../../../domain/registration.ts"
import { type Shown, shown } from "../../../domain/safe-text.ts"
import { setRegistration, showRegistration } from "../../../services/registration.ts"
import { changeBinding, type RecordChange } from "../../kit/change/record-change.ts"
import { defineDetail } from "../../kit/detail/detail.tsx"
import { reading } from "../../kit/detail/detail-section.ts"
import { registrationPiece } from "../shared/registration.ts"

type KeptRegistration = Registration & { readonly kept: boolean }

const SOURCES: Readonly<Record<Registration["source"], Shown>> = {
  flag: shown`the platform's flag registration.open`,
  default: shown`the platform's default: there is no flag`,
}

const openOrClose: RecordChange<KeptRegistration> = {
  key: "O",
  label: "open or close",
  help: "open registration to anybody, or close it: by invitation only",
  change: setRegistration,
  input: ({ open }) => ({ open: !open }),
  seen: ({ open }) => ({ open }),
  possible: ({ kept }) => kept || "not kept by this platform",
}

/** Screen of the switch that opens and closes registration. */
export const registrationScreen = defineDetail<void, KeptRegistration>({
  id: "registration",
  title: "Registration",
  summary: "whether anybody may create an account, or only with an invitation",
  argument: { behind: "registration", choices: [], read: () => undefined },
  source: reading(showRegistration, () => ({})),
  command: { operation: showRegistration, given: () => ({}) },
  name: registration => [registrationPiece(registration)],
  fields: ({ kept, source }) => [
    { label: shown`set by`, value: kept ? SOURCES[source] : shown`not kept by this platform`, alone: true },
  ],
  sections: [],
  bindings: [changeBinding(openOrClose)],
})
