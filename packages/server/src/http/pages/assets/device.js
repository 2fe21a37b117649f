// Lets a terminal in by the code that it shows.
import { ask, Refusal } from './ask.js';
import { onSubmit, say } from './say.js';

const form = document.querySelector('#device');
if (form instanceof HTMLFormElement) {
  onSubmit(form, async (field) => {
    await ask('/api/v1/device/confirm', { user_code: field('code') }).catch(explain);
    form.reset();
    say('The terminal is let in. You can close this page.');
  });
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function explain(error) {
  if (error instanceof Refusal && error.code === 'unknown')
    throw new Error('No terminal waits with this code. Read it again, or begin again in the terminal.');
  throw error;
}
