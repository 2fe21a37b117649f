import { type Html, html } from './html.ts';
import { mayInvite, type Place, type Reader, type Site, type View } from './site.ts';

const PLACES: readonly (readonly [Place, string, string])[] = [
  ['inbox', '/', 'Inbox'],
  ['runs', '/runs', 'My requests'],
  ['passkeys', '/passkeys', 'Passkeys'],
  ['device', '/device', 'Terminal'],
  ['people', '/people', 'People'],
];

/** A whole page: one heading, its landmarks, and what is on all of them. */
export function framed({ assets, base }: Site, reader: Reader | null, view: View): Html {
  const modules = ['page.js', ...view.modules];
  return html`<!doctype html>
<html lang="en" data-base="${base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.title} · Writ</title>
<link rel="icon" type="image/svg+xml" href="${assets.path('icon.svg')}">
<link rel="stylesheet" href="${assets.path('writ.css')}">
${modules.map((name) => html`<script type="module" src="${assets.path(name)}"></script>\n`)}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="home" href="${base}/">Writ</a>
${reader === null ? null : [navigation(base, reader, view.place), account(reader)]}
</header>
<main id="main" tabindex="-1">
<h1>${view.title}</h1>
<p id="said" role="status" tabindex="-1"></p>
<noscript><p class="note">Reading works without JavaScript. Deciding, signing and signing in need it.</p></noscript>
${view.body}
</main>
<footer>
${view.command === null ? null : html`<p>The same in a terminal: <code>${view.command}</code></p>`}
<p><span class="clock">Times are in UTC.</span></p>
</footer>
</body>
</html>
`;
}

function navigation(base: string, reader: Reader, place: Place | null): Html {
  const places = PLACES.filter(([name]) => name !== 'people' || mayInvite(reader));
  const links = places.map(([name, path, title]) =>
    name === place
      ? html`<li><a href="${base}${path}" aria-current="page">${title}</a></li>`
      : html`<li><a href="${base}${path}">${title}</a></li>`,
  );
  return html`<nav aria-label="Pages"><ul>${links}</ul></nav>`;
}

function account({ name, session: { person } }: Reader): Html {
  return html`<p class="account">${name} <code>${person}</code> <button type="button" id="sign-out">Sign out</button></p>`;
}
