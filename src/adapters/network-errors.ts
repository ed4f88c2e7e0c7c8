/** Explanations of Node's error codes for an unreachable server; each adapter adds its own. */
export const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused: is it running, and is the port right?",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was lost",
  ENOTFOUND: "unknown host name",
  EAI_AGAIN: "the host name cannot be resolved now",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: check this host's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
}

/** Node's codes for a certificate whose authority it does not know; who uses them says where to name that. */
export const UNTRUSTED = /SELF_SIGNED|ISSUER|LEAF_SIGNATURE|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/

/** Node's codes for an answer that is no TLS, or in some cases its message. */
export const NOT_TLS =
  /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE)|:wrong version number:/
