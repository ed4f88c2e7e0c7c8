import { median } from "../../bench/measures.ts"
import { startMortalRedis } from "../support/mortal-redis.ts"
import { Terminal } from "../support/terminal.ts"
import { Platform } from "./support/platform.ts"
import { Follower, judgeConsole } from "./support/readers.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const platform = new Platform()
const rounds = sized({ short: 2, full: 20 })
const MEGABYTE = "x".repeat(1_000_000)
const FRAME_MS = 100

type Fields = readonly (readonly [name: string, value: string | Buffer])[]

/** What a request may look like; each has a path as well. */
const STRANGE: Readonly<Record<string, Fields>> = {
  "a plain one": [["user_agent", "Mozilla/5.0"]],
  "a field of 1 MB": [["user_agent", MEGABYTE]],
  "a name of 1 MB": [[MEGABYTE, "value"]],
  "1 000 fields": Array.from({ length: 1_000 }, (_, i) => [`field_${i}`, `value ${i}`] as const),
  "duplicate names": ["status", "status", "status", "user_agent", "user_agent"].map((name, i) => [name, `20${i}`]),
  "names of every object": ["__proto__", "constructor", "toString", "hasOwnProperty"].map(name => [name, "{}"]),
  "invalid UTF-8": [["user_agent", Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf0, 0x9f])]],
}

scenario(
  {
    number: 9,
    title: "entries as nobody expects them",
    load: `${Object.keys(STRANGE).join(", ")}; ${rounds} of each, shown, walked over and opened`,
    passes: "at most a frame of 100 ms later than a plain one, nothing dropped",
    inSubset: true,
  },
  async measure => {
    const { client, port } = await startMortalRedis()
    const environment = platform.environment(port)
    let written = 0
    const add = (fields: Fields) =>
      client.xadd(platform.stream, "*", "path", `/n/${written++}`, "method", "GET", ...fields.flat())
    await add([])
    const follower = new Follower(environment)
    const terminal = Terminal.opsdeck([], environment)
    await terminal.see("● live", "/n/0")
    const took = async (act: () => unknown, isDone: () => boolean) => {
      const from = performance.now()
      await act()
      await terminal.wait(isDone, "nothing came of it")
      return performance.now() - from
    }
    const selects = (number: number) => () => terminal.selected?.endsWith(`/n/${number}`) ?? false
    const arrivals = new Map<string, number[]>(Object.keys(STRANGE).map(name => [name, []]))
    const keys: number[] = []
    const openings: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [name, fields] of Object.entries(STRANGE)) {
        arrivals.get(name)?.push(await took(() => add(fields), selects(written)))
        openings.push(
          await took(
            () => terminal.press("enter"),
            () => terminal.screen.includes(" Entry "),
          ),
        )
        await terminal.press("esc").seeNoMore(" Entry ")
        keys.push(await took(() => terminal.press("k"), selects(written - 2)))
        await terminal.press("G").see("● live")
      }
    }
    await follower.accountsFor(written)
    await judgeConsole(terminal, written)
    const asPlain = { atMost: Math.ceil(median(arrivals.get("a plain one") as number[])) + FRAME_MS }
    for (const [name, taken] of arrivals) {
      measure(`from XADD to the screen: ${name}`, median(taken), "ms", asPlain)
    }
    measure("from key to paint with them in sight", median(keys), "ms", asPlain)
    measure("the same, worst", Math.max(...keys), "ms")
    measure("one opened after", median(openings), "ms", asPlain)
    measure("the same, worst", Math.max(...openings), "ms")
    measure("written, and had once by the command and by the console", written, "entries")
  },
)
