import { show } from "../../../domain/safe-text.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import type { LogChanges } from "../../kit/destinations.ts"
import { menuScreen } from "../../kit/dialog/menu.tsx"
import type { Shell } from "../../kit/shell.ts"
import { shortIds } from "../../widgets/format.ts"

/** Something that can be held at the gateway. */
export interface Holdable {
  /** In a menu: `address 203.0.113.7`. */
  readonly name: string
  readonly by: keyof Pick<LogChanges, "holdAtGateway" | "holdNetworks">
  readonly input: Readonly<Record<string, unknown>>
}

export const addressHold = (address: string): Holdable => ({
  name: `address ${address}: requests without a valid token`,
  by: "holdAtGateway",
  input: { address },
})

export const orgHold = (org_id: string, name: string | undefined): Holdable => ({
  name: `organization ${name ?? shortIds(org_id)}: signed-in requests`,
  by: "holdAtGateway",
  input: { org_id },
})

/** Networks, or several addresses. */
export const networksHold = (networks: readonly string[]): Holdable => ({
  name: `${networks[0]}${networks.length > 1 ? ` and ${networks.length - 1} more` : ""}: addresses as they appear`,
  by: "holdNetworks",
  input: { networks },
})

/** Opens the dialog that holds it, with the minutes; asks which, if several. */
export function openHold(ones: readonly Holdable[], { push, changes }: Pick<Shell, "push" | "changes">): void {
  if (changes === undefined) return
  const open = ({ by, input }: Holdable) =>
    push(changeDialog, { change: changes[by], input: { minutes: "15", ...input }, options: ["minutes"] })
  const items = ones.map(one => ({ text: show(one.name), take: () => open(one) }))
  if (ones.length > 1) push(menuScreen, { title: "Hold at the gateway", items })
  else if (ones[0]) open(ones[0])
}
