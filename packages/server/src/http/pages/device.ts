import { html } from './html.ts';
import type { Reader, Site, View } from './site.ts';

/** Lets a terminal in, as the reader, by the code that it shows. */
export async function deviceView(_: Site, { session }: Reader): Promise<View> {
  return {
    title: 'Let a terminal in',
    place: 'device',
    command: 'writ login',
    modules: ['device.js'],
    body: html`<p>A terminal that you started shows a code. It will act as <code>${session.person}</code> until your own session ends: it can ask and deny as you, and approves nothing without your passkey.</p>
<p><strong>If somebody gave you the code, stop here:</strong> their terminal would be let in as you.</p>
<form id="device">
<p><label for="code">The code that your terminal shows</label> <input id="code" name="code" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="BCDF-GHJK"></p>
<p><button type="submit">Let it in</button></p>
</form>`,
  };
}
