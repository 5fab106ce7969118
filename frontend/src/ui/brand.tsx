/** The logo, a keyhole, with the name. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" />
        <path d="M16 7.5a5.2 5.2 0 0 0-2.6 9.7l-1.5 6.6a.8.8 0 0 0 .8 1h6.6a.8.8 0 0 0 .8-1l-1.5-6.6A5.2 5.2 0 0 0 16 7.5Z" />
      </svg>
      Latchkey
    </span>
  );
}
