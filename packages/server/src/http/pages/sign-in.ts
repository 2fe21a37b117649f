import { html } from './html.ts';
import type { Site, View } from './site.ts';

/** What strangers see, at every address of a page: it says nothing of what is there. `to`: where they wanted to go. */
export function signInView({ edge, base }: Site, to: string): View {
  const sample = edge.app.hasRoute({ method: 'GET', url: `${base}/dev/people` });
  const provider = edge.signIn !== null;
  return {
    title: 'Sign in',
    place: null,
    command: 'writ login',
    modules: sample ? ['sign-in.js'] : [],
    body: html`<p>Writ issues short-lived credentials to things that are not people. People decide here what may be issued.</p>
${provider ? html`<p><a class="button" href="${base}/sign-in?to=${to}">Sign in with your organisation's account</a></p>` : null}
${provider || sample ? null : html`<p>Nobody can sign in yet: <code>writ.yaml</code> names no identity provider under <code>sign-in</code>.</p>`}
${
  sample
    ? html`<section aria-labelledby="sample">
<h2 id="sample">Sample people of <code>writ dev</code></h2>
<p>They are made up, and so are their passkeys: whoever reaches this page is whoever they choose to be. This list is never there in production.</p>
<ul id="sample-people"></ul>
</section>
`
    : null
}`,
  };
}
