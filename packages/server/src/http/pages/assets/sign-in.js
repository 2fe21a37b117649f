// Sample people of `writ dev`, each with a button.
import { ask } from './ask.js';
import { member, textMember, textsMember } from './read.js';
import { attempt } from './say.js';

const list = document.querySelector('#sample-people');
if (list !== null) {
  void attempt(null, async () => {
    const people = member(await ask('/dev/people', null), 'people');
    if (Array.isArray(people)) list.replaceChildren(...people.map(entry));
  });
}

/**
 * @param {unknown} one
 * @returns {HTMLLIElement}
 */
function entry(one) {
  const [person, name] = [textMember(one, 'person'), textMember(one, 'name')];
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `Sign in as ${name}`;
  button.addEventListener('click', () => {
    void attempt(button, async () => {
      await ask('/dev/sign-in', { person });
      location.reload();
    });
  });
  const groups = document.createElement('p');
  groups.textContent = [person, ...textsMember(one, 'groups')].join(', ');
  const item = document.createElement('li');
  item.append(button, groups);
  return item;
}
