/**
 * Whether `text` is a signing secret as Standard Webhooks writes it: `whsec_` and the base64 of 24 to 64 random bytes.
 */
export function isWebhookSecret(text: string): boolean {
  const match = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text);
  if (match === null) return false;
  const [, base64 = ''] = match;
  const bytes = (base64.replace(/=+$/, '').length * 6) >> 3;
  return bytes >= 24 && bytes <= 64;
}
