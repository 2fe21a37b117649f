/** What a browser got. */
export interface BrowserResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** the members of a JSON object; empty for anything else */
  readonly body: Readonly<Record<string, unknown>>;
  /** where it came from in the end, and by which redirects */
  readonly url: string;
  readonly through: readonly string[];
}

/** What is sent otherwise than a page of the same origin would. */
export interface Otherwise {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly method?: string;
}

/** As much of a browser as sign-in needs: cookies by path, redirects one by one, and the `Origin` of a page of ours. */
export interface Browser {
  /** every cookie of our origin that it holds, by name */
  readonly cookies: ReadonlyMap<string, { readonly value: string; readonly path: string }>;
  /** every `Set-Cookie` it was sent by us, in order */
  readonly given: readonly string[];
  /** Opens a page: path of ours or URL. Redirects are followed, wherever they lead, unless `once`. */
  open(target: string, once?: boolean): Promise<BrowserResponse>;
  /** As the script of a page of ours: JSON, with cookies and `Origin`. Without a body it is a GET. */
  ask(path: string, body?: object, otherwise?: Otherwise): Promise<BrowserResponse>;
  setCookie(name: string, value: string, path?: string): void;
}

type Jar = Map<string, { value: string; path: string }>;

const MOST_REDIRECTS = 10;

export function createBrowser(origin: string): Browser {
  const cookies: Jar = new Map();
  const jars = new Map([[origin, cookies]]);
  const given: string[] = [];

  const send = async (url: URL, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    const jar = jars.get(url.origin) ?? new Map<string, never>();
    const sent = [...jar].filter(([, { path }]) => within(url.pathname, path));
    if (sent.length > 0 && !headers.has('cookie'))
      headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      if (url.origin === origin) given.push(line);
      keep(url.origin, line);
    }
    return response;
  };

  const keep = (of: string, line: string): void => {
    const jar: Jar = jars.get(of) ?? new Map();
    jars.set(of, jar);
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    const path = attributes.find((each) => /^path=/i.test(each))?.slice('Path='.length) ?? '/';
    if (attributes.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, { value, path });
  };

  const read = async (
    response: Response,
    url: string,
    through: readonly string[],
  ): Promise<BrowserResponse> => {
    const text = await response.text();
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    const body = typeof parsed === 'object' ? { ...parsed } : {};
    return { status: response.status, headers: response.headers, text, body, url, through };
  };

  return {
    cookies,
    given,
    setCookie: (name, value, path = '/') => cookies.set(name, { value, path }),
    open: async (target, once = false) => {
      const through: string[] = [];
      let url = new URL(target, origin);
      for (let i = 0; i < MOST_REDIRECTS; i++) {
        const response = await send(url, {});
        const location = response.headers.get('location');
        if (location === null || once) return read(response, url.href, through);
        await response.body?.cancel();
        through.push(url.href);
        url = new URL(location, url);
      }
      throw new Error(`${target} redirects without end`);
    },
    ask: async (path, body, { headers = {}, method } = {}) => {
      const all = {
        ...(body === undefined ? {} : { 'content-type': 'application/json', origin }),
        ...headers,
      };
      const init: RequestInit = {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: Object.fromEntries(
          Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const url = new URL(path, origin);
      return read(await send(url, init), url.href, []);
    },
  };
}

/** RFC 6265 §5.1.4. */
function within(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/');
}
