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

it("has the gateways that are named", () => {
  expect(readDemoCommand(["demo", "--gateways", "eu,us"]).gateways).toEqual(["eu", "us"])
  expect(readDemoCommand(["demo"])).not.toHaveProperty("gateways")
})

it.each([
  [["demo", "--gateways", "eu,eu"], "--gateways[1].name: there is another eu"],
  [["demo", "--gateways", "eu,"], "--gateways[1].name: expected up to 32 letters"],
  [["demo", "--gateways", Array.from({ length: 17 }, (_, i) => `g${i}`).join()], "--gateways takes up to 16 names"],
  [["demo", "demo"], 'unexpected argument "demo": demo takes none'],
  [["--profile", "demo", "demo"], "unknown option --profile"],
  [["--database-url=postgres://prod/x", "demo"], "unknown option --database-url"],
  [["--version", "demo"], "unknown option --version"],
  [["demo", "--scenario", "atack"], "--scenario must be one of attack, deploy; did you mean attack?"],
  [["demo", "--rate", "0"], "--rate must be a whole number from 1 to 10000"],
])("refuses %j", (argv, message) => {
  expect(() => readDemoCommand(argv)).toThrow(message)
})
