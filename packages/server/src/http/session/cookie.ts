/** The session's cookie at one public URL. Over TLS its name keeps other hosts and paths from setting it (RFC 6265bis §4.1.3.2). */
export interface SessionCookie {
  readonly name: string;
  /** `Set-Cookie` that gives it; `seconds` until it ends */
  give(secret: string, seconds: number): string;
  /** `Set-Cookie` that takes it away */
  take(): string;
}

export function sessionCookie(publicUrl: string): SessionCookie {
  const tls = publicUrl.startsWith('https:');
  const name = tls ? '__Host-writ' : 'writ';
  const attributes = `Path=/; HttpOnly; SameSite=Strict${tls ? '; Secure' : ''}`;
  return {
    name,
    give: (secret, seconds) => `${name}=${secret}; Max-Age=${seconds}; ${attributes}`,
    take: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}

/** The value of a cookie; null where it is absent, or there twice: then nobody knows who set which. */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}
