/**
 * The note in this browser's storage that it may hold a session. Pages cannot see the cookie; the
 * note tells them whether asking the service is worth a request. It names neither a person nor a
 * token. The browser tells all other tabs of a change, never the tab that made it.
 */
const KEY = "latchkey-session";

/** What is read where storage is blocked: then only the service can tell. */
export const UNREADABLE = "?";

/** Returns the note, or null if there is none. */
export function readNote(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return UNREADABLE;
  }
}

/** Notes that a session has begun. The text differs each time, so that other tabs are told. */
export function writeNote(): void {
  store((storage) => storage.setItem(KEY, String(Date.now())));
}

/** Notes that there is a session, unless that is noted already. */
export function confirmNote(): void {
  if (readNote() === null) writeNote();
}

/**
 * Removes the note.
 *
 * @param known What it was when the session turned out to have ended. A newer one stays, because
 *   another tab has signed in meanwhile.
 */
export function removeNote(known = readNote()): void {
  if (readNote() === known) store((storage) => storage.removeItem(KEY));
}

/** Calls a listener when another tab changes the note, until the signal is aborted. */
export function onNoteChange(listener: () => void, signal: AbortSignal): void {
  const hear = ({ key }: StorageEvent) => {
    if (key === KEY || key === null) listener(); // null: everything was cleared
  };
  window.addEventListener("storage", hear, { signal });
}

/** Storage may be blocked or full. The pages work without it. */
function store(change: (storage: Storage) => void): void {
  try {
    change(localStorage);
  } catch {
    return;
  }
}

/**
 * A script for the head of each page: it lets the style sheet show the right part of a page that
 * was rendered in advance, before the page's own scripts have arrived.
 */
export const MARK_NOTED = `try{if(localStorage.getItem("${KEY}")===null)throw 0;document.documentElement.dataset.session="noted"}catch{}`;
