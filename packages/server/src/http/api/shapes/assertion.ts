import { Type } from 'typebox';
import { base64url } from './text.ts';

type Members = 'authenticator' | 'clientDataJson' | 'authenticatorData' | 'signature';

/** What a passkey signed, as the browser gives it. */
export const ASSERTION: Type.TObject<Record<Members, Type.TString>> = Type.Object(
  {
    authenticator: base64url('the credential id', 1_400),
    clientDataJson: base64url('as the browser gives it', 4_000),
    authenticatorData: base64url('as the browser gives it', 4_000),
    signature: base64url('as the browser gives it', 2_000),
  },
  { $id: 'Assertion', additionalProperties: false, description: 'WebAuthn Level 3, section 5.2.2' },
);
