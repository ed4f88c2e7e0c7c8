import { describe, expect, test } from "vitest"
import { canonicalLocale, canonicalTimeZone, localeChoices, timezoneChoices } from "../../src/domain/locale.ts"

describe("a locale", () => {
  test.each([
    ["en-gb", "en-GB"],
    ["zh-CN", "zh-CN"],
    ["zh-hant-tw", "zh-Hant-TW"],
    ["yue", "yue"],
  ])("%s is spelt %s", (typed, spelt) => expect(canonicalLocale(typed)).toBe(spelt))

  test.each([
    "",
    "e",
    "xx",
    "nonsense",
    "en-QQ",
    "zh_CN",
    "en-GB ",
    "x".repeat(10_000),
    `en-x${"-abcdefgh".repeat(9)}`,
  ])("%s is none", text => expect(canonicalLocale(text)).toBeUndefined())

  test("is offered with what it means in English, by tags that are locales", () => {
    const choices = localeChoices()
    expect(choices).toContainEqual({ value: "zh-CN", label: "Chinese (China)" })
    expect(choices).toContainEqual({ value: "de", label: "German" })
    expect(choices.filter(({ value, label }) => canonicalLocale(value) !== value || label === "")).toEqual([])
    expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length)
  })
})

describe("a time zone", () => {
  test.each([
    ["asia/shanghai", "Asia/Shanghai"],
    ["utc", "UTC"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["US/Pacific", "US/Pacific"],
    ["Etc/GMT+5", "Etc/GMT+5"],
  ])("%s is spelt %s", (typed, spelt) => expect(canonicalTimeZone(typed)).toBe(spelt))

  test.each(["", "+01:00", "us/pacific", "Mars/Base", " UTC", "x".repeat(10_000)])("%s is none", text =>
    expect(canonicalTimeZone(text)).toBeUndefined(),
  )

  test("is offered with the name of its time", () => {
    const choices = timezoneChoices()
    expect(choices).toContainEqual({ value: "Asia/Shanghai", label: "China Standard Time" })
    expect(choices.filter(({ value, label }) => canonicalTimeZone(value) !== value || label === "")).toEqual([])
  })
})
