"use client";

import { useEffect } from "react";

/**
 * Goes to the part of the page that its address names. The browser does so while the page loads,
 * when it is not known yet who is signed in and nothing is there.
 */
export function ToHash() {
  useEffect(() => {
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, []);
  return null;
}
