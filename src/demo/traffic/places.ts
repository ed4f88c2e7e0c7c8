import { type Random, weighted } from "../random.ts"

/** Origin of requests: `v6` are the first two groups of its providers' IPv6 addresses, `v4` those of IPv4. */
type Place = ReturnType<typeof place>

const place = (country: string, weight: number, v6: string, v4: string[], cities: string[]) => ({
  country,
  cities,
  weight,
  v4,
  v6,
})

export const PLACES: readonly Place[] = [
  place("US", 26, "2600:1700", ["73.162", "98.45", "174.63"], ["San Francisco", "New York", "Austin", "Seattle"]),
  place("DE", 14, "2003:c8", ["91.64", "84.137", "79.201"], ["Berlin", "München", "Köln", "Hamburg"]),
  place("CN", 12, "2408:8207", ["36.112", "114.246", "183.192"], ["Shanghai", "Beijing", "Shenzhen", "杭州"]),
  place("JP", 8, "240d:1a", ["126.78", "153.190"], ["Tokyo", "Osaka"]),
  place("GB", 7, "2a00:23c5", ["81.104", "86.20"], ["London", "Manchester"]),
  place("FR", 6, "2a01:e0a", ["82.64", "90.112"], ["Paris", "Lyon"]),
  place("BR", 6, "2804:14d", ["177.32", "189.6"], ["São Paulo", "Recife"]),
  place("IN", 6, "2405:201", ["49.36", "106.51"], ["Bengaluru", "Mumbai"]),
  place("NG", 3, "2c0f:f5c0", ["102.89", "197.210"], ["Lagos", "Abuja"]),
  place("PL", 3, "2a02:a31a", ["83.24", "178.36"], ["Kraków", "Łódź"]),
  place("KR", 3, "2001:e60", ["121.130", "175.223"], ["Seoul", "부산"]),
  place("EG", 2, "2c0f:fc89", ["41.34", "156.160"], ["Cairo", "الإسكندرية"]),
  place("UA", 2, "2a02:2378", ["93.72", "176.36"], ["Київ", "Lviv"]),
  place("TR", 2, "2a02:e0", ["78.160", "88.230"], ["İstanbul", "Ankara"]),
]

export const placeByWeight = weighted(PLACES)

/** Origins of rented machines, for scanners and bots. */
export const placeOfServers = weighted([
  place("US", 5, "2604:a880", ["3.84", "34.201", "143.198"], ["Ashburn"]),
  place("NL", 3, "2a03:b0c0", ["45.148", "185.220"], ["Amsterdam"]),
  place("RU", 3, "2a0a:9300", ["5.188", "193.32"], ["Saint Petersburg"]),
  place("SG", 2, "2400:6180", ["128.199", "47.236"], ["Singapore"]),
  place("CN", 2, "2408:4000", ["47.92", "121.40"], ["Hangzhou"]),
])

/** Returns an address at `place`; one in five is IPv6, compressed as in the platform's log. */
export function addressAt(place: Place, random: Random): string {
  if (random.chance(0.2)) {
    const group = () => random.between(1, 0xffff).toString(16)
    return random.chance(0.5)
      ? `${place.v6}:${group()}::${group()}`
      : `${place.v6}:${group()}:${group()}::${group()}:${group()}`
  }
  return `${random.pick(place.v4)}.${random.between(0, 255)}.${random.between(1, 254)}`
}
