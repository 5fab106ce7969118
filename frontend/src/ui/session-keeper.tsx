"use client";

import { useEffect } from "react";
import { start } from "@/session/session";

/** Keeps the session of this tab while any page is shown. */
export function SessionKeeper() {
  useEffect(start, []);
  return null;
}
