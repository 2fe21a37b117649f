// Decides about one run. A button works only once this browser has computed, from the table that its reader sees, the digest
// that would be signed.
import { ask } from './ask.js';
import { hasPasskeys, signByPasskey, signBySample } from './passkey.js';
import { approvalChallenge, digestOf, planOf } from './plan.js';
import { member, textMember, textsMember } from './read.js';
import { attempt, onSubmit, sayOnNewPage } from './say.js';

const CHANGED =
  'Do not approve: what stands on this page is not what would be signed. Something changed it on its way. Tell whoever runs this server.';

/** Digests of tables that this browser computed. @type {Set<string>} */
const seen = new Set();

for (const place of document.querySelectorAll('[data-of]'))
  if (place instanceof HTMLElement) await check(place);

const deciding = document.querySelector('#deciding');
if (deciding instanceof HTMLElement) {
  for (const section of deciding.querySelectorAll('[data-rule]'))
    if (section instanceof HTMLElement) offer(deciding, section);
  const cancel = deciding.querySelector('#cancel-run');
  if (cancel instanceof HTMLButtonElement) {
    cancel.addEventListener('click', () => {
      void attempt(cancel, async () => {
        await ask(`${runPath(deciding)}/cancel`, {});
        sayOnNewPage('You took the request back.');
      });
    });
  }
}

/**
 * Computes the digest of a table, and says whether it is the one beside it.
 * @param {HTMLElement} place
 */
async function check(place) {
  const { of = '', digest = '' } = place.dataset;
  const computed = await digestOfTable(of).catch(() => null);
  if (computed === digest) seen.add(digest);
  place.classList.add(computed === digest ? 'holds' : 'differs');
  place.textContent =
    computed === digest
      ? '✓ This browser computed this digest from the table below.'
      : `✗ The table below has another digest${computed === null ? '' : `, ${computed}`}.`;
}

/** @param {string} id */
async function digestOfTable(id) {
  const leaves = [...document.querySelectorAll(`#${CSS.escape(id)} tbody tr`)].map((row) => ({
    pointer: row.querySelector('[data-pointer]')?.textContent ?? '',
    text: row.querySelector('[data-value]')?.textContent ?? '',
  }));
  return digestOf(planOf(leaves));
}

/**
 * @param {HTMLElement} all
 * @param {HTMLElement} section
 */
function offer(all, section) {
  const button = section.querySelector('.sign');
  const verdict = section.querySelector('.verdict');
  const form = section.querySelector('form.deny');
  if (button instanceof HTMLButtonElement && verdict !== null) {
    const why = whyNot(all, section, button);
    verdict.textContent = why ?? '';
    button.disabled = why !== null;
    button.addEventListener('click', () => {
      void attempt(button, async () => decide(all, section, button));
    });
  }
  if (form instanceof HTMLFormElement) {
    onSubmit(form, async (field) => {
      const { rule = '' } = section.dataset;
      await ask(`${runPath(all)}/deny`, { rule, reason: field('reason') });
      sayOnNewPage('You denied the request.');
    });
  }
}

/**
 * Why nothing can be signed here, or null.
 * @param {HTMLElement} all
 * @param {HTMLElement} section
 * @param {HTMLButtonElement} button
 */
function whyNot(all, section, button) {
  const { digest = '' } = section.dataset;
  const { plan = '' } = all.dataset;
  const own = section.querySelector('[data-of]') !== null;
  if (!seen.has(plan) || !seen.has(digest) || (!own && digest !== plan)) return CHANGED;
  if (button.dataset['authenticator'] === 'passkey' && !hasPasskeys())
    return 'This browser has no passkeys. Open the page in one that has.';
  return null;
}

/**
 * @param {HTMLElement} all
 * @param {HTMLElement} section
 * @param {HTMLButtonElement} button
 */
async function decide(all, section, button) {
  const { rule = '', decision = '', digest = '' } = section.dataset;
  const { run = '', person = '', plan = '' } = all.dataset;
  const given = await ask(`${runPath(all)}/challenge`, { rule, decision });
  const [nonce, challenge] = [textMember(given, 'nonce'), textMember(given, 'challenge')];
  const view = member(given, 'view');
  const agreed =
    textMember(given, 'digest') === digest &&
    textMember(view, 'plan') === plan &&
    (await digestOf(member(view, 'planJson'))) === plan &&
    challenge === (await approvalChallenge({ approver: person, decision, digest, nonce, rule, run }));
  if (!agreed) throw new Error(`${CHANGED} Nothing was signed.`);
  const assertion =
    button.dataset['authenticator'] === 'sample'
      ? await signBySample(challenge, decision)
      : await signByPasskey({
          challenge,
          rpId: textMember(given, 'rpId'),
          allow: textsMember(given, 'allow'),
        });
  await ask(`${runPath(all)}/${decision}`, { rule, nonce, assertion });
  sayOnNewPage(decision === 'confirm' ? 'You confirmed. It is recorded.' : 'You approved. It is recorded.');
}

/** @param {HTMLElement} all */
function runPath({ dataset }) {
  return `/api/v1/runs/${encodeURIComponent(dataset['run'] ?? '')}`;
}
