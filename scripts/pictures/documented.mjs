// The pictures that docs/ and the README use.
import { setTimeout as sleep } from "node:timers/promises"

const WIDE = { columns: 150, rows: 40 }
const USUAL = { columns: 120, rows: 30 }

/** What each picture in docs/ shows, where, and how one comes there. */
export const DOCUMENTED = [
  {
    name: "log",
    title: "The live access log with its histogram, and beside it the movers: who is refused most",
    size: WIDE,
    async show({ see, press }) {
      await see("● live", "by rate")
      press("s")
      await see("Order of the movers")
      press("j", "enter")
      await see("by 4xx")
      press("p", "p")
      await see("movers 1m  by 4xx")
      // The traffic goes at its own pace again, after what came while everything was starting.
      await sleep(15_000)
    },
  },
  {
    name: "user",
    title: "A user: who they are, what they ran, what they request, and what operators did to them",
    size: { columns: 120, rows: 40 },
    show: openUser,
  },
  {
    name: "suspend",
    title: "Before a user is suspended: what will happen, and the question why",
    size: USUAL,
    async show(terminal) {
      await openUser(terminal)
      terminal.press("S")
      await terminal.see("[ Cancel ]", "What happens")
      await terminal.type("tries other people's passwords")
      await terminal.see("people's passwords")
    },
  },
  {
    name: "gateway",
    title: "The gateway's settings: a risk threshold is typed, and whom it would hit is counted",
    size: { columns: 120, rows: 21 },
    screen: "gateway",
    async show({ see, press, type }) {
      await see("in sync", "▌ reject at risk")
      press("enter", "ctrl-u")
      await type("0.5")
      await see(/At 0\.50, of/)
      await sleep(1000)
    },
  },
  {
    name: "mail",
    title: "A test mail tells each step as it happens",
    size: { columns: 120, rows: 18 },
    screen: "email",
    async show({ see, press, type }) {
      await see("in force")
      press("T")
      await see("recipient of the mail")
      await type("ops@example.com")
      press("enter")
      await see("✓ message", "accepted the mail")
    },
  },
  {
    name: "ring",
    title: "A ring of accounts that invited one another, and everybody who came in through it",
    size: USUAL,
    screen: "referrals",
    async show({ see, press, lines }) {
      await see("INVITER", /of ↺ 4/)
      while (!lines().some(line => line.startsWith("▌") && line.includes("of ↺ 4"))) {
        press("j")
        await sleep(100)
      }
      press("enter")
      await see("a ring of 4")
      await sleep(500)
    },
  },
]

async function openUser({ see, press, type }) {
  await see("● live")
  press(":")
  await type("users taras")
  press("enter")
  await see(/\d+ shown/)
  press("enter")
  await see("Newest requests", "Organizations", "STARTED", "METHOD")
}
