/** Marks the members of a map with free names, and the items of a list. */
const EACH = '*';

const FIELD = 'type one-of subset-of max-length required in-token';
const FACT = 'source type max-age';
const PROOF = 'id as anchor max-age match';

/** The order of keys in a flow file, by the path of the map: that of the shapes which read it. */
const ORDERS: Readonly<Record<string, string>> = {
  '': 'writ flow version owner summary issues tier unattended request facts proof policy approval generate bind deliver activate lifecycle',
  request: 'by audience scopes ttl fields',
  'request.ttl': 'max default',
  'request.fields.*': FIELD,
  'facts.*': FACT,
  proof: 'min-assurance any all',
  'proof.any.*': PROOF,
  'proof.all.*': PROOF,
  policy: 'permit forbid',
  'policy.permit.*': 'id redundant crosses-segments when',
  'policy.forbid.*': 'id because redundant crosses-segments when',
  'approval.*': 'id crosses-segments when require shows expires reuse',
  'approval.*.require': 'from count factor not',
  'generate.token': 'format alg key subject act',
  'generate.x509': 'ca key key-attestation san eku',
  'generate.ssh': 'ca principals extensions key',
  bind: 'pop source',
  deliver: 'to human-visible',
  activate: 'when by not shows within',
  lifecycle: 'renewable renew-window rotate-every overlap max-lifetime review-every recover revoke-on',
  'lifecycle.recover': 'after hold',
};

const OPEN = new Set(['request.fields', 'facts']);

/** The path of what `key` leads to from a map at `path`; null stands for the items of a list. */
export function below(path: string, key: string | null): string {
  const step = key === null || OPEN.has(path) ? EACH : key;
  return path === '' ? step : `${path}.${step}`;
}

/** The keys a map at `path` may have, in order; none where the order is the author's. */
export function keysAt(path: string): readonly string[] {
  return Object.hasOwn(ORDERS, path) ? (ORDERS[path] ?? '').split(' ') : [];
}

const RULES = new Set(['policy.permit.*', 'policy.forbid.*', 'approval.*']);
const ABOVE_RULES = new Set(['', 'policy', 'policy.permit', 'policy.forbid', 'approval']);

/** Whether a map at `path` is a rule, whose `when` is an expression. */
export function isRule(path: string | null): boolean {
  return path !== null && RULES.has(path);
}

/** Whether what stands at `path` is or holds rules, which are never written in brackets. */
export function holdsRules(path: string | null): boolean {
  return path !== null && (RULES.has(path) || ABOVE_RULES.has(path));
}
