import type { Edge } from '../edge.ts';

/** 200 or 503, nothing else: a load balancer reads the code. `?verbose` lists the checks. */
export function healthEndpoints(edge: Edge): void {
  edge.get('/livez', () => Promise.resolve('ok\n'));
  edge.get('/readyz', async (request, reply) => {
    const checks = {
      store: await passes(async () => edge.read.tree()),
      writes: await passes(async () => edge.engine.writable()),
      artefacts: await passes(async () => edge.engine.artefacts()),
    };
    const ready = Object.values(checks).every(Boolean);
    reply.code(ready ? 200 : 503).type('text/plain');
    const verbose = request.raw.url?.endsWith('?verbose') === true;
    if (!verbose) return ready ? 'ok\n' : 'not ready\n';
    return Object.entries(checks)
      .map(([name, good]) => `${good ? 'ok  ' : 'FAIL'} ${name}\n`)
      .join('');
  });
}

async function passes(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
