import ipaddr from "ipaddr.js"

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6
export type IpBlock = readonly [network: IpAddress, prefixLength: number]

/** Maximum length of an address as text, zone included. */
export const LONGEST_ADDRESS = 64

/** Parses an IPv4 address of four decimal numbers, or an IPv6 one; undefined when it is neither. */
function parse(text: string): IpAddress | undefined {
  // ipaddr.js takes `::10.0.0.1`, which is an IPv6 address (RFC 4291, 2.5.5.1), for the IPv4 address 10.0.0.1.
  const spelled = text.replace(/^::(?=\d+\.)/, "0::")
  return ipaddr.IPv4.isValidFourPartDecimal(spelled) || ipaddr.IPv6.isValid(spelled) ? ipaddr.parse(spelled) : undefined
}

const isMapped = (address: IpAddress): address is ipaddr.IPv6 =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()

/** Parses an address; an IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. */
export function parseAddress(text: string): IpAddress | undefined {
  const address = parse(text)
  return address && isMapped(address) ? address.toIPv4Address() : address
}

const DOT = 46
const ZERO = 48

/** Returns an IPv4 address of four decimal numbers as a number; undefined for any other text. Ten times as quick as parsing it. */
export function ipv4Number(text: string): number | undefined {
  let number = 0
  let parts = 0
  let part: number | undefined
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i)
    if (code === DOT) {
      if (part === undefined || ++parts > 4) return undefined
      number = number * 256 + part
      part = undefined
    } else {
      const digit = code - ZERO
      if (digit < 0 || digit > 9 || part === 0) return undefined
      part = (part ?? 0) * 10 + digit
      if (part > 255) return undefined
    }
  }
  return parts === 4 ? number : undefined
}

/** Parses a CIDR block, or one address as its block; undefined when it is neither. */
export function parseBlock(text: string): IpBlock | undefined {
  const [, host = "", prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const network = parse(host)
  if (network === undefined) return undefined
  const longest = network.toByteArray().length * 8
  const length = prefix === undefined ? longest : Number(prefix)
  if (length > longest) return undefined
  return isMapped(network) && length >= 96 ? [network.toIPv4Address(), length - 96] : [network, length]
}

/** Formats an address in its standard spelling (RFC 5952), as the gateway does. */
export const formatAddress = (address: IpAddress): string =>
  address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()

const NOT_PUBLIC = ["private", "loopback", "linkLocal", "uniqueLocal", "carrierGradeNat", "unspecified"]

/** Whether an address is of a network of its own, and of no client on the internet. */
export const isPrivate = (address: IpAddress): boolean => NOT_PUBLIC.includes(address.range())

export function isWithin(address: IpAddress, [network, length]: IpBlock): boolean {
  return address.kind() === network.kind() && address.match(network, length)
}

/** Formats the block in its standard spelling (RFC 5952), with the bits beyond its length as they are. */
export const formatBlock = ([address, length]: IpBlock): string => `${formatAddress(address)}/${length}`

/**
 * Returns an address as hexadecimal digits, 8 of IPv4 and 32 of IPv6, so that the addresses of a block lie between two texts of
 * the same length; empty for other text.
 */
export function hexOf(text: string): string {
  if (text.length > LONGEST_ADDRESS) return ""
  const address = parseAddress(text)
  return address === undefined ? "" : toHex(address.toByteArray())
}

/** Returns the first and the last address of a block, as `hexOf` has them. */
export function hexRange(block: IpBlock): readonly [first: string, last: string] {
  const [network, length] = networkOf(block)
  const bytes = network.toByteArray()
  const end = bytes.map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, length - 8 * i))))
  return [toHex(bytes), toHex(end)]
}

const toHex = (bytes: readonly number[]) => Buffer.from(bytes).toString("hex")

/** Returns the network that begins with these hexadecimal digits: the /24 of 6, the /64 of 16. */
export function networkOfHex(digits: string): string {
  const bytes = [...Buffer.from(digits, "hex")]
  const size = bytes.length < 4 ? 4 : 16
  return formatBlock([ipaddr.fromByteArray([...bytes, ...new Array(size - bytes.length).fill(0)]), 8 * bytes.length])
}

/** Clears the bits beyond the block's length, which do not matter for the addresses in it. */
export function networkOf([address, length]: IpBlock): IpBlock {
  const bytes = address.toByteArray().map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - 8 * i))))
  return [ipaddr.fromByteArray(bytes), length]
}

/** Last parts of IPv4 addresses: those that differ in it alone are in one network. */
const LAST_NUMBERS = new Set(Array.from({ length: 256 }, (_, number) => String(number)))

const REMEMBERED = 4096
const networks = new Map<string, string>()
const last = { ip: "", network: "" }

/**
 * Returns the /24 of an IPv4 address, the /64 of an IPv6 one; empty for an invalid address. Parsing is slow, so results
 * are cached, the last one separately: address and network of a request are read one after the other.
 */
export function networkAround(ip: string): string {
  if (ip === last.ip) return last.network
  if (ip.length > LONGEST_ADDRESS) return ""
  last.network = rememberedNetwork(ip)
  last.ip = ip
  return last.network
}

function rememberedNetwork(ip: string): string {
  const end = ip.lastIndexOf(".") + 1
  const key = LAST_NUMBERS.has(ip.slice(end)) ? `${ip.slice(0, end)}0` : ip
  const known = networks.get(key)
  if (known !== undefined) return known
  const parsed = parseAddress(key)
  const network = parsed ? formatBlock(networkOf([parsed, parsed.kind() === "ipv4" ? 24 : 64])) : ""
  if (networks.size === REMEMBERED) networks.clear()
  networks.set(key, network)
  return network
}
