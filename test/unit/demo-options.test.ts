import { expect, it } from "vitest"
import { readDemoCommand } from "../../src/demo/options.ts"

it("reads the demo's options wherever they stand", () => {
  expect(readDemoCommand(["demo", "--rate", "5", "--servers-only"])).toEqual({
    rate: 5,
    seed: 1,
    serversOnly: true,
    help: false,
  })
  expect(readDemoCommand(["--help", "demo"]).help).toBe(true)
})

it("tells a story at a rate of its own, unless another is asked for", () => {
  expect(readDemoCommand(["demo", "--scenario", "attack"])).toMatchObject({ scenario: "attack", rate: 40 })
  expect(readDemoCommand(["demo", "--scenario=deploy", "--rate", "5"])).toMatchObject({ scenario: "deploy", rate: 5 })
})

it.each([
  [["demo", "demo"], 'unexpected argument "demo": demo takes none'],
  [["--profile", "demo", "demo"], "unknown option --profile"],
  [["--database-url=postgres://prod/x", "demo"], "unknown option --database-url"],
  [["--version", "demo"], "unknown option --version"],
  [["demo", "--scenario", "atack"], "--scenario must be one of attack, deploy; did you mean attack?"],
  [["demo", "--rate", "0"], "--rate must be a whole number from 1 to 10000"],
])("refuses %j", (argv, message) => {
  expect(() => readDemoCommand(argv)).toThrow(message)
})
