import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { filterToText } from "../../../domain/access-log-filter.ts"
import { entryTerms } from "../../../domain/access-log-pivot.ts"
import { API_KEYS_LOGGED } from "../../../domain/api-key-requests.ts"
import { entryName } from "../../../domain/entry-name.ts"
import { termOf } from "../../../domain/filter-language.ts"
import type { Deviation } from "../../../domain/movers/deviations.ts"
import { isUuid } from "../../../domain/uuid.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Pivoting } from "../../kit/destinations.ts"
import type { Shell } from "../../kit/shell.ts"
import { addressHold, type Holdable, networksHold, openHold, orgHold } from "../shared/hold.ts"
import { pivotScreen } from "./pivot.tsx"
import { hasAddress, isSignIn, openSignedIn } from "./seen-from.ts"

/** Tells whether the request's user can be opened; anybody may write anything into the stream. */
const userOf = ({ user_id }: AccessLogEntry) => isUuid(user_id)
/** Anybody may write anything into the stream, at any length. */
const isTrace = (id: string) => id !== "" && id.length <= LONGEST_TRACE
const LONGEST_TRACE = 64
const orgOf = ({ org_id }: AccessLogEntry) => isUuid(org_id)

/** Whether it is a sign-in, whose address may tell more than it does. */
const namesNobody = (entry: AccessLogEntry) => isSignIn(entry) && hasAddress(entry)

/** Model of the keys of a request. */
interface Linked {
  /** Undefined for a marker. */
  readonly entry: AccessLogEntry | undefined
  readonly pivoting: Pivoting
  readonly shell: Shell
  /** What stands out in the log around it. */
  readonly deviations?: readonly Deviation[]
}

/** Reason against the keys of a request on a marker. */
export const NO_REQUEST = "this row is not a request"

/** Tells whether the row is a request. */
export const onRequest = ({ entry }: Pick<Linked, "entry">) => entry !== undefined || NO_REQUEST

const possible =
  (can: (entry: AccessLogEntry) => boolean, otherwise: string) =>
  ({ entry }: Linked) =>
    entry === undefined ? NO_REQUEST : can(entry) || otherwise

const run =
  (open: (entry: AccessLogEntry, shell: Shell) => void) =>
  ({ entry, shell }: Linked) =>
    entry && open(entry, shell)

const pivot = (negated: boolean): Pick<Binding<Linked>, "possible" | "run"> => ({
  possible: onRequest,
  run: ({ entry, shell, pivoting }) =>
    entry && shell.push(pivotScreen, { ...pivoting, terms: entryTerms(entry).map(term => ({ ...term, negated })) }),
})

const openOrg = ({ org_id }: AccessLogEntry, shell: Shell) => shell.open("org", { org_id })

/** What of a request can be held at the gateway, and the networks that stand out. */
function holdables({ entry, deviations = [], shell }: Linked): Holdable[] {
  const nameOf = (id: string) => shell.names.states.snapshot.byId.get(id)
  const ofRequest =
    entry === undefined
      ? []
      : [
          ...(orgOf(entry) ? [orgHold(entry.org_id, nameOf(entry.org_id))] : []),
          ...(hasAddress(entry) ? [addressHold(entry.client_ip)] : []),
        ]
  const networks = deviations.filter(({ key }) => key === "network").map(({ values }) => networksHold(values))
  return [...ofRequest, ...networks]
}

/** Opens a log of everything with this value of the request, at the request. */
const everything = (key: string, read: (entry: AccessLogEntry) => string) =>
  run((entry, shell) => {
    shell.open("logOf", { filter: filterToText([termOf(key, read(entry))]), stayAt: entryName(entry) })
  })

/** Key that leads from a request to whom it is of. */
export const userBinding: Binding<Linked> = {
  keys: ["u"],
  label: "user",
  footer: true,
  help: "open the user of this request; of an API key the organization, where the log names it; of a sign-in the user seen next from its address, else from its network",
  possible: possible(
    entry => userOf(entry) || orgOf(entry) || namesNobody(entry),
    `nobody was signed in; ${API_KEYS_LOGGED}`,
  ),
  run: run((entry, shell) => {
    if (userOf(entry)) shell.open("user", { id: entry.user_id })
    else if (orgOf(entry)) openOrg(entry, shell)
    else void openSignedIn(entry, shell)
  }),
}

/** Other keys of a request: holding, filters, everything from where it came, organization, threshold. */
export const entryLinks: readonly Binding<Linked>[] = [
  {
    keys: ["H"],
    label: "hold",
    changes: true,
    footer: true,
    help: "hold its address or organization at the gateway, or what stands out: answered 429 for some minutes",
    possible: model => holdables(model).length > 0 || "nothing here can be held",
    run: model => openHold(holdables(model), model.shell),
  },
  {
    keys: ["+"],
    label: "only this",
    footer: true,
    help: "filter by a field of this request",
    ...pivot(false),
  },
  {
    keys: ["-"],
    label: "not this",
    footer: true,
    help: "exclude a field of this request",
    ...pivot(true),
  },
  {
    keys: ["."],
    label: "its address",
    help: "all requests from this address; replaces the filter, Esc returns",
    possible: possible(hasAddress, "this request has no address"),
    run: everything("ip", ({ client_ip }) => client_ip),
  },
  {
    keys: ["@"],
    label: "its user",
    help: "all requests of this user; replaces the filter, Esc returns",
    possible: possible(userOf, `nobody was signed in; ${API_KEYS_LOGGED}`),
    run: everything("user", ({ user_id }) => user_id),
  },
  {
    keys: ["#"],
    label: "its trace",
    help: "all requests with this trace id; replaces the filter, Esc returns",
    possible: possible(({ trace_id }) => isTrace(trace_id), "this request has no trace id"),
    run: everything("trace", ({ trace_id }) => trace_id),
  },
  {
    keys: ["o"],
    label: "organization",
    help: `open the organization of this request; ${API_KEYS_LOGGED}`,
    possible: possible(orgOf, `it names none: ${API_KEYS_LOGGED}`),
    run: run(openOrg),
  },
  {
    keys: ["T"],
    label: "threshold",
    help: "simulate rejecting at the risk of this request; nothing is saved",
    possible: possible(({ risk_score }) => Boolean(risk_score), "the risk of this request is 0 or unknown"),
    run: run(({ risk_score }, shell) => shell.open("threshold", { threshold: risk_score as number })),
  },
]
