/**
 * An issuer key's life: `prepared` is published and signs nothing yet; `active` signs; `retired` signs nothing and stays
 * published until the last token it signed has expired. `compromised` is published no more.
 */
export type IssuerKeyState = 'prepared' | 'active' | 'retired' | 'compromised';

/** Times in milliseconds since the epoch; 0 where it has not happened. */
export interface IssuerKey {
  readonly kid: string;
  /** the name flows use, for instance `issuer-prod` */
  readonly name: string;
  readonly alg: string;
  readonly state: IssuerKeyState;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly preparedAt: number;
  readonly activatedAt: number;
  readonly retiredAt: number;
}

/** Whether the JWKS shows the key: `longestTtl` (seconds) is the longest life of anything it may have signed. */
export function isPublished(key: IssuerKey, longestTtl: number, now: number): boolean {
  switch (key.state) {
    case 'prepared':
    case 'active':
      return true;
    case 'retired':
      return now < key.retiredAt + longestTtl * 1000;
    case 'compromised':
      return false;
  }
}
