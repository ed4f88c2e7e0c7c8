import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { METRICS, type MetricKey, parseAlertRule } from "../../src/domain/alerts/alert-rule.ts"
import { DIMENSION_KEYS } from "../../src/domain/movers/dimension-keys.ts"

function mistakeIn(text: string): { message: string; column: number | undefined } {
  try {
    parseAlertRule(text)
  } catch (error) {
    const { code, field, message, column } = error as Record<string, unknown>
    expect({ code, field }).toEqual({ code: "invalid", field: "alerts" })
    return { message, column } as ReturnType<typeof mistakeIn>
  }
  throw new Error(`"${text}" is a rule`)
}

test.each([
  ["error% > 5 for 30s", { metric: "error%", by: null, limit: 5, forSeconds: 30, bell: false }],
  ["4xx%>20", { metric: "4xx%", by: null, limit: 20, forSeconds: 0, bell: false }],
  ["rate > 500/s", { metric: "rate", by: null, limit: 500, forSeconds: 0, bell: false }],
  ["alert rate(ip) > 50/s", { metric: "rate", by: "ip", limit: 50, forSeconds: 0, bell: false }],
  ["p95 > 2000", { metric: "p95", by: null, limit: 2000, forSeconds: 0, bell: false }],
  ["p95 > 1.1s bell", { metric: "p95", by: null, limit: 1100, forSeconds: 0, bell: true }],
  ["queue age > 5m for 30s", { metric: "queue age", by: null, limit: 300, forSeconds: 30, bell: false }],
  ["record lag > 1m", { metric: "record lag", by: null, limit: 60, forSeconds: 0, bell: false }],
  ["Queue  Age>60", { metric: "queue age", by: null, limit: 60, forSeconds: 0, bell: false }],
  ["workers < 1 bell", { metric: "workers", by: null, limit: 1, forSeconds: 0, bell: true }],
  [" ERROR%( Route )>20 % FOR 1m BELL ", { metric: "error%", by: "route", limit: 20, forSeconds: 60, bell: true }],
])("%s is a rule", (text, expected) => {
  expect(parseAlertRule(text)).toMatchObject(expected)
})

test.each([
  ["alert  error%>5 for 60s", "error% > 5 for 1m"],
  ["rate ( ip ) > 50 for 90s bell", "rate(ip) > 50/s for 90s bell"],
  ["p95 > 2s", "p95 > 2000"],
  ["5xx%(route) > 20", "error%(route) > 20"],
  ["queue  age>1m", "queue age > 60s"],
  ["workers<2", "workers < 2"],
])("%s is spelt %s", (typed, spelt) => {
  expect(parseAlertRule(typed).text).toBe(spelt)
})

test("a rule reads back as itself", () => {
  const rules = fc.record({
    metric: fc.constantFrom(...(Object.keys(METRICS) as MetricKey[])),
    by: fc.constantFrom("", ...DIMENSION_KEYS.map(key => `(${key})`)),
    limit: fc.integer({ min: 1, max: 99_999 }).map(number => number / 1000),
    span: fc.integer({ min: 0, max: 3600 }),
    bell: fc.constantFrom("", " bell"),
  })
  fc.assert(
    fc.property(rules, ({ metric, by, limit, span, bell }) => {
      const { of, sign } = METRICS[metric]
      const rule = parseAlertRule(`${metric}${of === "log" ? by : ""} ${sign} ${limit} for ${span}s${bell}`)
      expect(rule).toMatchObject({ limit, forSeconds: span })
      expect(parseAlertRule(rule.text)).toEqual(rule)
    }),
  )
})

test.each(Object.entries(METRICS))("the example of %s is a rule of it", (metric, { example }) => {
  expect(parseAlertRule(example).metric).toBe(metric)
})

describe("a mistake is shown where it is, with what was expected", () => {
  test.each([
    [
      "",
      0,
      "expected what to measure: error%, 4xx%, rate, p95, queue age, workers and record lag, as in error% > 5 for 30s",
    ],
    [
      "alert",
      5,
      "expected what to measure: error%, 4xx%, rate, p95, queue age, workers and record lag, as in error% > 5 for 30s",
    ],
    [
      "error > 5",
      0,
      'there is no "error"; did you mean error%? There are error%, 4xx%, rate, p95, queue age, workers and record lag',
    ],
    ["latency > 5", 0, 'there is no "latency". There are error%, 4xx%, rate, p95, queue age, workers and record lag'],
    ["rate(path) > 5", 5, 'there is no "path". There are ip, network, user, route, country, ua, gateway and status'],
    [
      "rate(rout) > 5",
      5,
      'there is no "rout"; did you mean route? There are ip, network, user, route, country, ua, gateway and status',
    ],
    ["rate() > 5", 5, "expected what to tell apart: ip, network, user, route, country, ua, gateway and status"],
    ["rate(ip > 5", 8, 'expected ")", as in rate(ip) > 50/s'],
    ["error% 5", 7, 'expected ">": a rule fires above a number, as in error% > 5 for 30s'],
    ["error% >= 5", 7, 'expected ">": a rule fires above a number, as in error% > 5 for 30s'],
    ["rate < 5/s", 5, 'expected ">": a rule fires above a number, as in rate > 500/s'],
    ["workers > 1", 8, 'expected "<": a rule fires below a number, as in workers < 1'],
    ["workers < 0", 10, "expected more than 0: it would never fire"],
    ["workers < 1s", 11, "workers: expected a number of workers alive, as in workers < 1"],
    ["queue age(ip) > 5", 9, "queue age is not told apart by anything, as in queue age > 60s"],
    ["record lag(ip) > 5", 10, "record lag is not told apart by anything, as in record lag > 60s"],
    ["queue > 5", 0, 'there is no "queue". There are error%, 4xx%, rate, p95, queue age, workers and record lag'],
    ["queue age > 5d", 13, "queue age: expected seconds, or minutes such as 5m, as in queue age > 60s"],
    ["p95 > fast", 6, "expected a number, as in p95 > 2000"],
    ["p95 > -1", 6, "expected a number, as in p95 > 2000"],
    ["p95 > 1.2.3", 6, "expected a number, as in p95 > 2000"],
    ["rate > 500/m", 10, "rate: expected requests per second, as in rate > 500/s"],
    ["p95 > 2min", 7, "p95: expected milliseconds, or seconds such as 1.5s, as in p95 > 2000"],
    ["error% > 100", 9, "expected less than 100: it would never fire"],
    ["error% > 5 for", 14, "expected how long, in seconds or minutes, as in for 30s or for 2m"],
    ["error% > 5 for 30", 15, "expected how long, in seconds or minutes, as in for 30s or for 2m"],
    ["error% > 5 for 2h", 15, "expected how long, in seconds or minutes, as in for 30s or for 2m"],
    ["error% > 5 for 61m", 15, "expected an hour at most"],
    ["error% > 5 bell for 30s", 16, 'nothing but "for 30s" and then "bell" may follow'],
    ["error% > 5, rate > 3", 10, 'nothing but "for 30s" and then "bell" may follow'],
    ["error% > 5 beep", 11, 'nothing but "for 30s" and then "bell" may follow'],
  ])("%s", (text, column, message) => {
    expect(mistakeIn(text)).toEqual({ column, message })
  })
})

test("no text is answered by anything but a rule or a mistake within it", () => {
  const words = fc.constantFrom(
    "error%",
    "rate",
    "(",
    ")",
    "ip",
    ">",
    "5",
    "/s",
    "for",
    "30s",
    "bell",
    "queue age",
    "record lag",
    "workers",
    "<",
    " ",
    "alert",
    "\n",
    "é",
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map(all => all.join("")),
      ),
      text => {
        try {
          parseAlertRule(text)
        } catch {
          const { column } = mistakeIn(text)
          expect(column).toBeGreaterThanOrEqual(0)
          expect(column).toBeLessThanOrEqual(text.length)
        }
      },
    ),
  )
})

test.each([
  ["error%", 12.34, "12.3%"],
  ["rate", 61, "61/s"],
  ["p95", 2300.4, "2300ms"],
  ["queue age", 61.4, "61s"],
  ["workers", 0, "0 alive"],
  ["record lag", 61.4, "61s"],
  ["record lag", Number.POSITIVE_INFINITY, "a gateway was never recorded"],
] as const)("%s is told with its unit", (metric, figure, told) => {
  expect(METRICS[metric].spell(figure)).toBe(told)
})
