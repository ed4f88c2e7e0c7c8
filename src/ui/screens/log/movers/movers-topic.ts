import type { Topic } from "../../../kit/screen.ts"

/** Help about the panel's figures. */
export const moversTopic: Topic = {
  title: "The movers: of what passes the filter, up to now",
  entries: [
    ["4 of 589+", "so many values are shown of so many; + is at least; f shows more of them"],
    ["~0.4", "at most so many a second; some of them may be another value's"],
    ["4xx 5xx", "how many of its own requests were refused, and failed"],
    ["p95", "of its own requests, within 20 %"],
    ["vs before", "its rate beside that of the window before; new had none, - was not seen"],
    ["2m seen", "only so much of the window was read; rates are of that"],
  ],
}
