// What of a browser signing in needs: cookies by host, and redirects that are followed with them.
export interface Browser {
  /** Follows redirects. */
  fetch(url: string, options?: RequestInit): Promise<Response>;
  /** Answers as they come. */
  fetchOnce(url: string, options?: RequestInit): Promise<Response>;
  /** As the last answer set it, with its attributes. */
  readonly cookies: ReadonlyMap<string, string>;
}

const MAX_REDIRECTS = 20;

export function openBrowser(): Browser {
  const cookies = new Map<string, string>();

  async function fetchOnce(url: string, options: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const sent = [...cookies].filter(([key]) => key.startsWith(`${host} `)).map(([, cookie]) => cookie.split(';')[0]);
    const headers = new Headers(options.headers);
    if (sent.length > 0) headers.set('cookie', sent.join('; '));
    const response = await fetch(url, { ...options, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const key = `${host} ${cookie.split('=')[0]}`;
      if (/=;|max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) cookies.delete(key);
      else cookies.set(key, cookie);
    }
    return response;
  }

  return {
    cookies,
    fetchOnce,
    async fetch(url, options) {
      let response = await fetchOnce(url, options);
      let at = url;
      for (let hops = 0; response.status >= 301 && response.status <= 303 && hops < MAX_REDIRECTS; hops++) {
        at = new URL(response.headers.get('location') ?? '', at).href;
        response = await fetchOnce(at);
      }
      return response;
    },
  };
}
