import { show } from "../../../domain/safe-text.ts"
import { holdAtGateway } from "../../../services/gateway/hold.ts"
import { holdNetworks } from "../../../services/gateway/hold-networks.ts"
import type { Change } from "../../../services/operation.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import { menuScreen } from "../../kit/dialog/menu.tsx"
import type { Shell } from "../../kit/shell.ts"
import { shortIds } from "../../widgets/format.ts"

/** Something that can be held at the gateway. */
export interface Holdable {
  /** In a menu: `address 203.0.113.7`. */
  readonly name: string
  readonly change: Change<never, unknown>
  readonly input: Readonly<Record<string, unknown>>
}

export const addressHold = (address: string): Holdable => ({
  name: `address ${address}: requests without a valid token`,
  change: holdAtGateway as Change<never, unknown>,
  input: { address },
})

export const orgHold = (org_id: string): Holdable => ({
  name: `organization ${shortIds(org_id)}: signed-in requests`,
  change: holdAtGateway as Change<never, unknown>,
  input: { org_id },
})

/** Networks, or several addresses. */
export const networksHold = (networks: readonly string[]): Holdable => ({
  name: `${networks[0]}${networks.length > 1 ? ` and ${networks.length - 1} more` : ""}: addresses as they appear`,
  change: holdNetworks as Change<never, unknown>,
  input: { networks },
})

/** Opens the dialog that holds it, with the minutes; asks which, if several. */
export function openHold(ones: readonly Holdable[], { push }: Pick<Shell, "push">): void {
  const open = ({ change, input }: Holdable) =>
    push(changeDialog, { change: change as never, input: { minutes: "15", ...input }, options: ["minutes"] })
  const items = ones.map(one => ({ text: show(one.name), take: () => open(one) }))
  if (ones.length > 1) push(menuScreen, { title: "Hold at the gateway", items })
  else if (ones[0]) open(ones[0])
}
