import type { FastifyReply } from 'fastify';

/** A page of one sentence. It holds no script, and refers to nothing. */
export function sendPage(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)} · Writ</title></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body>
</html>
`;
  return reply.code(status).type('text/html; charset=utf-8').send(page);
}

/**
 * A page that leads on by itself. A strict cookie does not go with a redirect that another site began, and goes with this:
 * the page is ours.
 */
export function sendBounce(reply: FastifyReply, title: string, to: string): FastifyReply {
  const target = escaped(to);
  reply.header('Refresh', `0; url=${to}`);
  return sendPage(reply, 200, title, `<p><a href="${target}">Go on</a></p>`);
}

export function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
