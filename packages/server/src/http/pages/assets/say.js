const KEPT = 'writ-said';

/**
 * Says something to the reader, and brings them there.
 * @param {string} text
 */
export function say(text) {
  const place = document.querySelector('#said');
  if (!(place instanceof HTMLElement)) return;
  place.textContent = text;
  place.focus();
}

/**
 * Loads the page anew, and says something on it.
 * @param {string} text
 */
export function sayOnNewPage(text) {
  sessionStorage.setItem(KEPT, text);
  location.reload();
}

/** What was to be said on this page. */
export function sayWhatWasKept() {
  const text = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (text !== null) say(text);
}

/**
 * Does what a control is for, and says what went wrong. The control rests meanwhile.
 * @param {HTMLButtonElement | null} button
 * @param {() => Promise<void>} work
 */
export async function attempt(button, work) {
  if (button !== null) button.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error instanceof Error ? error.message : 'Something went wrong.');
  } finally {
    if (button !== null) button.disabled = false;
  }
}

/**
 * Does it whenever a form is sent, with what stands in its fields.
 * @param {HTMLFormElement} form
 * @param {(field: (name: string) => string) => Promise<void>} work
 */
export function onSubmit(form, work) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const field = (/** @type {string} */ name) => {
      const value = data.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    void attempt(form.querySelector('button'), async () => work(field));
  });
}
