"use client";

import { useEffect, useState } from "react";

/** In milliseconds: how long people wait before they wonder. */
const PATIENCE = 3_000;

/** Says, after a while, that something takes long, and what may help. Shown while it goes on. */
export function SlowHint() {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="slow-hint" role="status">
      {isSlow &&
        "This is taking longer than usual. Another tab of this site may be stuck; we go on without it."}
    </p>
  );
}
