import { html } from './html.ts';
import type { Site, View } from './site.ts';

/**
 * Where the link of an invitation leads. Its secret stands behind the `#`, which no server is sent; a module keeps it in this
 * tab and goes on to the passkeys. It is the same for everybody, signed in or not.
 */
export function enrolView({ base }: Site): View {
  return {
    title: 'Invitation',
    place: null,
    command: null,
    modules: ['enrol.js'],
    body: html`<p>This link lets one person add one passkey. <a href="${base}/passkeys">Go on to your passkeys</a>.</p>`,
  };
}
