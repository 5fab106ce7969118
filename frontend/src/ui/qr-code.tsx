"use client";

import { useEffect, useState } from "react";
import { qrPath } from "./qr-path";

type Drawing = { size: number; path: string };

const BLANK: Drawing = { size: 1, path: "" };
const QUIET = 4; // modules of light border (ISO/IEC 18004, 5.3.8)

/** A text as a QR code, drawn here: the text leaves the page for no other server. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [{ size, path }, setDrawing] = useState(BLANK);
  useEffect(() => {
    let isGone = false;
    draw(text).then((drawing) => {
      if (!isGone) setDrawing(drawing);
    });
    return () => {
      isGone = true;
    };
  }, [text]);
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}

/** The library is loaded only where a code is drawn. Without it, the place stays blank. */
async function draw(text: string): Promise<Drawing> {
  const library = await import("qr").catch(() => null);
  if (!library) return BLANK;
  const rows = library.encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  return { size: rows.length, path: qrPath(rows) };
}
