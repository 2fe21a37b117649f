import type { HttpSource, Observation } from '@writ/core';
import { EvidenceError } from '../evidence-error.ts';
import { type Resolve, resolveByDns } from '../fetch/checked-addresses.ts';
import { getDocument } from '../fetch/get-document.ts';
import { type Answer, mediaTypeOf, type Question, readAnswer } from './read-answer.ts';

/** Asks fact sources over HTTP. */
export interface FactReader {
  /**
   * What `source` says at `url`, its template filled. `now` in milliseconds since the epoch. An answer is given again for
   * the source's `maxAge`; who asks the same meanwhile waits for the same answer, or the same failure. `about` names the
   * asker's subject in what is reported, and decides nothing.
   *
   * @throws EvidenceError and nothing else for whatever the source does
   */
  observe(source: HttpSource, url: string, about: string, now: number): Promise<Observation>;
}

export interface FactReaderOptions {
  /** our issuer identifier: the only audience that a signed answer may be for */
  readonly issuer: string;
  /** how host names become addresses; default: the system's resolver */
  readonly resolve?: Resolve;
}

const LARGEST_ANSWER = 16 * 1024;
/** Answers that are kept; the one kept longest makes room. */
const MOST_ANSWERS = 2048;
/** Questions under way; one more is refused. */
const MOST_QUESTIONS = 512;

/**
 * A reader with a memory of its own. A failure is not remembered: the next caller asks again. A source that another set
 * declares otherwise is another source.
 */
export function createFactReader({ issuer, resolve = resolveByDns }: FactReaderOptions): FactReader {
  const answers = new Map<string, Answer>();
  const asking = new Map<string, Promise<Answer>>();

  async function ask(name: string, question: Question): Promise<Answer> {
    try {
      const answer = await answerTo(question, resolve);
      answers.delete(name);
      const [oldest] = answers.keys();
      if (answers.size >= MOST_ANSWERS && oldest !== undefined) answers.delete(oldest);
      answers.set(name, answer);
      return answer;
    } finally {
      asking.delete(name);
    }
  }

  async function knownOrAsked(question: Question): Promise<Answer> {
    const { source, url, now } = question;
    const name = JSON.stringify([source, url]);
    const known = answers.get(name);
    if (known !== undefined && known.observation.observedAt <= now && now < known.until) return known;
    const underWay = asking.get(name) ?? null;
    if (underWay !== null) return underWay;
    if (asking.size >= MOST_QUESTIONS) {
      throw new EvidenceError('unavailable', 'too many questions to fact sources are under way');
    }
    const asked = ask(name, question);
    asking.set(name, asked);
    return asked;
  }

  return {
    async observe(source, url, about, now) {
      try {
        return (await knownOrAsked({ source, url, issuer, now })).observation;
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw error;
        const message = `fact source ${source.name}, asked about ${about}: ${error.message}`;
        throw new EvidenceError(error.code, message, { claim: error.claim, cause: error });
      }
    },
  };
}

async function answerTo(question: Question, resolve: Resolve): Promise<Answer> {
  const { source, url } = question;
  const document = await getDocument(url, {
    inside: source.privateAddresses,
    resolve,
    signal: AbortSignal.timeout(source.timeout * 1000),
    accept: mediaTypeOf(source),
    largest: LARGEST_ANSWER,
    pin: source.pin,
  });
  return readAnswer(document, question);
}
