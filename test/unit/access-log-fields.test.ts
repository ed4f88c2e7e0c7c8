import { describe, expect, test } from "vitest"
import { LOG_FIELDS } from "../../src/domain/access-log-fields.ts"
import { compileFilter, filterFromOptions, parseFilter } from "../../src/domain/access-log-filter.ts"
import { entryTerms } from "../../src/domain/access-log-pivot.ts"
import { followQuery, logQuery } from "../../src/domain/access-log-query.ts"
import { parseAlertRule } from "../../src/domain/alerts/alert-rule.ts"
import { Alerts } from "../../src/domain/alerts/alerts.ts"
import type { DIMENSION_KEYS } from "../../src/domain/movers/dimension-keys.ts"
import { dimensionOf } from "../../src/domain/movers/dimensions.ts"
import { Movers } from "../../src/domain/movers/movers.ts"
import { metaOf } from "../../src/domain/schema.ts"
import { StreamEntry } from "../../src/domain/stream-entry.ts"
import { toAccessLogEntry } from "../../src/domain/to-access-log-entry.ts"
import { logScreen } from "../../src/ui/screens/log/log-screen.tsx"
import { request } from "../support/access-log.ts"

const ALICE = "8f2c1d3e-5b6a-4c7d-9e8f-0a1b2c3d4e5f"
const NOON = Date.UTC(2026, 2, 1, 12)

/** A request that says something of every field, `ms` after noon. */
function requestAt(ms: number): StreamEntry {
  const entry = StreamEntry.from(`${NOON + ms}-0`, Object.entries(request({ user_id: ALICE, org_id: "o1" })))
  entry.gateway = "eu"
  return entry
}

describe.each(LOG_FIELDS.map(field => [field.name, field] as const))("the field %s", (name, { example, expects }) => {
  test("is a term of the filter, whose example and help stand in the log's help", () => {
    expect(parseFilter(example)).toMatchObject([{ key: name }])
    expect(() => parseFilter(`${name}:""`)).not.toThrowError(/no filter is called/)
    const entries = logScreen.topics.flatMap(topic => topic.entries)
    expect(entries).toContainEqual([example, expect.stringMatching(`^${RegExp.escape(expects)}`)])
  })

  test("is offered by + and -, as a term that the request meets; not so the id, which no two have in common", () => {
    const entry = requestAt(0)
    const terms = entryTerms(toAccessLogEntry(entry)).filter(({ key }) => key === name)
    expect(terms.length > 0).toBe(name !== "id")
    const users = new Map([[ALICE, [ALICE]]])
    for (const term of terms) {
      expect(compileFilter([term], users)(entry)).toBe(true)
      expect(compileFilter([{ ...term, negated: true }], users)(entry)).toBe(false)
    }
  })
})

const dimensions = LOG_FIELDS.flatMap(({ name, dimensions = {} }) => Object.keys(dimensions).map(key => [key, name]))

describe.each(dimensions as [(typeof DIMENSION_KEYS)[number], string][])("the dimension %s of %s", (key, name) => {
  const value = dimensionOf(key).valueOf(requestAt(0))

  test("is counted by the movers, whose rows lead to a term of the field", () => {
    const movers = new Movers(NOON)
    movers.accept(requestAt(0))
    const { dimensions } = movers.snapshot({ minutes: 1, sort: "rate", rows: 1 }, NOON + 1000)
    expect(dimensions.find(dimension => dimension.key === key)?.movers).toMatchObject([{ value }])
    expect(dimensionOf(key).term(value)).toMatchObject({ key: name, values: [value] })
  })

  test("is measured by alert rules", () => {
    const alerts = new Alerts()
    alerts.setRules([parseAlertRule(`rate(${key}) > 1/s`)])
    for (let n = 0; n < 20; n++) alerts.accept(requestAt(n))
    expect(alerts.tick(NOON + 1000)).toMatchObject([{ of: value, figure: "2/s" }])
  })
})

const options = LOG_FIELDS.flatMap(({ name: field, example, option }) =>
  option === undefined ? [] : [{ ...option, field, example }],
)

test.each(options)("the option $name is a term of $field, of log and of log --follow", option => {
  const { name, field, example, label, operator = ":" } = option
  for (const { shape } of [logQuery, followQuery]) {
    expect(metaOf(shape[name as keyof typeof shape])).toMatchObject({ label })
  }
  const [value] = parseFilter(example).flatMap(({ values }) => values)
  expect(filterFromOptions({ [name]: value })).toEqual([{ key: field, operator, values: [value], negated: false }])
})
