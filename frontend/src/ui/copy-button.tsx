"use client";

import { useState } from "react";

/** A button that copies a text, and says whether it has worked. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState("");

  async function copy() {
    setSaid("");
    setSaid((await hasCopied(text)) ? "Copied." : "Copying is blocked here. Select the text.");
  }

  return (
    <span className="copy">
      <button type="button" className="quiet-button" onClick={copy}>
        {label}
      </button>
      <span className="hint" role="status">
        {said}
      </span>
    </span>
  );
}

/** Browsers have a clipboard on https and localhost only, and a person may refuse it. */
async function hasCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
