import { CommandFailure } from './exit-code.ts';

/** A session's secret is sent to it: over TLS, or to this machine. @throws CommandFailure `usage` */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const here = url !== null && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && here)))
    throw new CommandFailure('usage', `\`${text}\` is no https URL of a server`);
  return url.origin + url.pathname.replace(/\/$/, '');
}
