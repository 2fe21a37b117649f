import { EvidenceError } from '../evidence-error.ts';
import { isStrictObject, parseStrictJson, type StrictObject } from '../jws/strict-json.ts';

/** What a ceremony must have been about. */
export interface ExpectedCeremony {
  /** the bytes the page was given, 16 or more (section 13.4.3). Whoever made them lets each be used once */
  readonly challenge: Uint8Array;
  /** of the page, as a browser writes it: `https://writ.acme.example` */
  readonly origin: string;
  /** the host that passkeys are for: that of `origin`, or a domain above it */
  readonly rpId: string;
}

export type CeremonyType = 'webauthn.create' | 'webauthn.get';

const LEAST_CHALLENGE = 16;

/** What must hold of what the browser says (section 5.8.1), in this order. */
const CHECKS: readonly ((data: StrictObject, type: CeremonyType, expected: ExpectedCeremony) => void)[] = [
  (data, type) => checkType(data, type),
  (data, _, expected) => checkChallenge(data, expected.challenge),
  (data, _, expected) => checkOrigin(data, expected.origin),
  checkNotEmbedded,
];

/**
 * Checks the client data of a ceremony: Web Authentication Level 3, sections 7.1 and 7.2, from `type` to `topOrigin`.
 * Members that a later browser adds are passed over (section 5.8.1.1).
 *
 * @throws EvidenceError `malformed`, `type`, `claim`, or `audience`
 */
export function checkClientData(bytes: Buffer, type: CeremonyType, expected: ExpectedCeremony): void {
  const data = parseStrictJson(bytes);
  if (!isStrictObject(data)) throw new EvidenceError('malformed', 'client data is not a json object');
  for (const check of CHECKS) check(data, type, expected);
}

/** An assertion is no registration, and neither is a payment or whatever else a browser signs. */
function checkType({ type: claimed }: StrictObject, type: CeremonyType): void {
  if (claimed !== type) {
    throw new EvidenceError('type', 'passkey was used for another kind of ceremony', {
      claim: 'type',
      value: claimed,
    });
  }
}

function checkChallenge({ challenge: claimed }: StrictObject, challenge: Uint8Array): void {
  const text = Buffer.from(challenge).toString('base64url');
  if (challenge.length < LEAST_CHALLENGE || claimed !== text) {
    throw new EvidenceError('claim', 'passkey signed another challenge: begin again', {
      claim: 'challenge',
      value: claimed,
    });
  }
}

/** Character by character: no other scheme, port, sub-domain or case. */
function checkOrigin({ origin: claimed }: StrictObject, origin: string): void {
  if (origin === '' || claimed !== origin) {
    throw new EvidenceError('audience', 'passkey was used on another page: open the one of this server', {
      claim: 'origin',
      value: claimed,
    });
  }
}

/** In a frame of a stranger's page nobody knows what they consent to. */
function checkNotEmbedded({ crossOrigin, topOrigin }: StrictObject): void {
  if ((crossOrigin !== undefined && crossOrigin !== false) || topOrigin !== undefined) {
    throw new EvidenceError('claim', 'passkey was used inside a page of somebody else', {
      claim: topOrigin === undefined ? 'crossOrigin' : 'topOrigin',
      value: topOrigin ?? crossOrigin,
    });
  }
}
