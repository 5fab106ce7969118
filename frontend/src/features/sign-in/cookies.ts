const PROBE = "latchkey-probe=1";

/**
 * Returns whether the browser keeps cookies of this site, by keeping one for a moment. In Chromium,
 * `navigator.cookieEnabled` stays true where the settings block them.
 */
export function keepsCookies(): boolean {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  const write = (cookie: string) => (document.cookie = cookie);
  write(`${PROBE}; Path=/; SameSite=Strict`);
  const isKept = document.cookie.includes(PROBE);
  write(`${PROBE}; Path=/; SameSite=Strict; Max-Age=0`);
  return isKept;
}
