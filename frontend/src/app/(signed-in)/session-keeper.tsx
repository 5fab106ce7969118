"use client";

import { useEffect } from "react";
import { start } from "@/session/session";

/** Keeps this tab's session renewed while a page that needs it is shown. */
export function SessionKeeper() {
  useEffect(start, []);
  return null;
}
