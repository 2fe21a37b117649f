import { hash } from 'node:crypto';
import { type Attestor, EvidenceError } from '@writ/attest';
import type { Value } from '@writ/core';

/** What a paper token says: it is its own signature, and nobody outside a test believes it. Times in seconds. */
export interface Paper {
  readonly iss: string;
  /** absent where the issuer hands out one token repeatedly */
  readonly jti?: string;
  readonly iat: number;
  readonly exp: number;
  readonly claims: Readonly<Record<string, Value>>;
}

export function paperToken(paper: Paper): string {
  return JSON.stringify(paper);
}

/**
 * An attestor for tests of what comes behind attestation: it looks at issuer and time, and takes the claims as they are.
 * `meanwhile` happens while it verifies, as long as fetching an issuer's keys may take.
 */
export function createPaperAttestor(meanwhile: () => Promise<void> = async () => undefined): Attestor {
  return {
    async verify(token, anchor, role, now) {
      const { iss, jti, iat, exp, claims } = readPaper(token);
      await meanwhile();
      if (iss !== anchor.issuer) throw new EvidenceError('issuer', '`iss` is not the issuer of this anchor');
      if (now >= exp * 1000) throw new EvidenceError('expired', 'token has expired');
      return {
        anchor: anchor.name,
        role,
        issuer: iss,
        tokenId: jti ?? null,
        digest: hash('sha256', token),
        assurance: anchor.assurance,
        claims,
        issuedAt: iat * 1000,
        expiresAt: exp * 1000,
      };
    },
  };
}

/** The `iss` of a paper token, or null for whatever is none. */
export function paperIssuer(token: string): string | null {
  try {
    return readPaper(token).iss;
  } catch {
    return null;
  }
}

function readPaper(token: string): Paper {
  try {
    return JSON.parse(token) as Paper;
  } catch (cause) {
    throw new EvidenceError('malformed', 'not a paper token', { cause });
  }
}
