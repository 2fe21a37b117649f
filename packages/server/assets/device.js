// Lets a terminal in by the code that it shows.
import { ask } from './ask.js';
import { onSubmit, say } from './say.js';

const form = document.querySelector('#device');
if (form instanceof HTMLFormElement) {
  onSubmit(form, async (field) => {
    await ask('/api/v1/device/confirm', { user_code: field('code') });
    form.reset();
    say('The terminal is let in. You can close this page.');
  });
}
