import { type Sealer, Secret } from '@writ/core';
import { shape } from '@writ/flow';
import { createIdentityProvider, type IdentityProvider } from './identity-provider.ts';
import { type LoginCookie, loginCookie } from './login-cookie.ts';

/** How people sign in: `sign-in` of `writ.yaml`. */
export interface SignIn {
  /** the anchor whose issuer they sign in at */
  readonly anchor: string;
  readonly provider: IdentityProvider;
  readonly cookie: LoginCookie;
}

/** `sign-in` of `writ.yaml`. Issuer and client id are those of the anchor: its `issuer` and its `audience`. */
export interface SignInSettings {
  readonly anchor: string;
  readonly clientSecret: Secret<string> | null;
  readonly scopes: readonly string[];
}

export const signInShape: shape.Shape<{
  anchor: string;
  'client-secret-file': string | null;
  scopes: readonly string[];
}> = shape.object({
  anchor: shape.required(
    shape.formed(
      /^[a-z][a-z0-9-]*(?:\/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?){0,3}$/,
      'a name such as `oidc/workforce`',
    ),
  ),
  'client-secret-file': shape.optional(shape.text, null),
  scopes: shape.optional(
    shape.list(shape.formed(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'a scope such as `profile`')),
    [],
  ),
});

type Read = ReturnType<typeof signInShape>;

/** With the secret that its file holds. */
export function signInSettings(
  read: NonNullable<Read> | null,
  readText: (file: string, help: string) => string,
): SignInSettings | null {
  if (read === null) return null;
  const { anchor, 'client-secret-file': file, scopes } = read;
  const help =
    '`sign-in.client-secret-file` names it; it holds the secret of our client at the identity provider';
  return { anchor, scopes, clientSecret: file === null ? null : new Secret(readText(file, help).trim()) };
}

export function createSignIn(
  settings: SignInSettings | null,
  {
    publicUrl,
    sealer,
    now,
  }: { readonly publicUrl: string; readonly sealer: Sealer; readonly now: () => number },
): SignIn | null {
  if (settings === null) return null;
  const { anchor, clientSecret, scopes } = settings;
  const redirectUri = `${publicUrl}/sign-in/callback`;
  return {
    anchor,
    provider: createIdentityProvider({ secret: clientSecret, scopes, redirectUri }, now),
    cookie: loginCookie(publicUrl, sealer),
  };
}
