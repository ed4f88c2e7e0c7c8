import { MOVERS_SORTS, type MoversSort } from "../../../../domain/movers/movers-snapshot.ts"
import { type Shown, shown } from "../../../../domain/safe-text.ts"
import { menuScreen } from "../../../kit/dialog/menu.tsx"
import type { Shell } from "../../../kit/shell.ts"
import type { MoversModel } from "./use-movers.ts"

/** What movers are ordered by, each way: the highest and the lowest first. */
const MEANINGS: Readonly<Record<MoversSort, readonly [highest: Shown, lowest: Shown]>> = {
  rate: [shown`most requests`, shown`fewest requests`],
  refused: [shown`most refusals (4xx)`, shown`fewest refusals (4xx)`],
  failed: [shown`most failures (5xx)`, shown`fewest failures (5xx)`],
  p95: [shown`slowest (p95)`, shown`fastest (p95)`],
  change: [shown`largest change`, shown`smallest change`],
}

/** Every order of the movers, those with the highest first before the others. */
const ORDERS = [false, true].flatMap(reversed => MOVERS_SORTS.map(sort => ({ sort, reversed })))

/** Opens the menu of the movers' orders, at the present one. */
export function chooseOrder({ sort, reversed, dispatch }: MoversModel, shell: Shell): void {
  shell.push(menuScreen, {
    title: "Order of the movers",
    at: ORDERS.findIndex(order => order.sort === sort && order.reversed === reversed),
    items: ORDERS.map(order => ({
      text: shown`${order.reversed ? shown`▴` : shown`▾`} ${MEANINGS[order.sort][order.reversed ? 1 : 0]}`,
      take: () => dispatch({ type: "sort", ...order }),
    })),
  })
}
