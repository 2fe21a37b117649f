// What is on every page: times in the reader's zone, and signing out.
import { ask, base } from './ask.js';
import { attempt, sayWhatWasKept } from './say.js';

const format = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
});
for (const time of document.querySelectorAll('time'))
  time.textContent = format.format(new Date(time.dateTime));

const clock = document.querySelector('.clock');
if (clock !== null)
  clock.textContent = `Times are in ${format.resolvedOptions().timeZone}; the title of each is in UTC.`;

const signOut = document.querySelector('#sign-out');
if (signOut instanceof HTMLButtonElement) {
  signOut.addEventListener('click', () => {
    void attempt(signOut, async () => {
      await ask('/sign-out', {});
      location.assign(`${base}/`);
    });
  });
}

sayWhatWasKept();
