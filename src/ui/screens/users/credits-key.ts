import { nameOrId } from "../../../domain/name-or-id.ts"
import { show } from "../../../domain/safe-text.ts"
import type { SeenUser } from "../../../domain/user.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Opened } from "../../kit/detail/declaration.ts"
import { menuScreen } from "../../kit/dialog/menu.tsx"

/** The key that leads to the organization whose credits are adjusted; it asks which, if several. */
export const creditsKey: Binding<Opened<SeenUser>> = {
  keys: ["J"],
  label: "credits",
  changes: true,
  help: "the user's organization, to adjust its credits",
  possible: ({ subject }) => subject.orgs.length > 0 || "in no organization",
  run: ({ subject: { orgs }, shell }) => {
    const items = orgs.map(({ org_id, name }) => ({
      text: show(nameOrId(name, org_id)),
      take: () => shell.open("org", { org_id }),
    }))
    if (items.length === 1) items[0]?.take()
    else shell.push(menuScreen, { title: "Organization", items })
  },
}
