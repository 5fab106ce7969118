"use client";

import { type FocusEvent, useEffect, useRef } from "react";

/**
 * Returns what makes an element take the focus when a focused part of it disappears, such as the
 * row of a list whose button was pressed. Otherwise the keyboard would begin at the page's top.
 */
export function useKeptFocus() {
  const region = useRef<HTMLElement>(null);
  const focused = useRef<Element>(null);

  useEffect(() => {
    if (!focused.current || focused.current.isConnected) return;
    focused.current = null;
    if (document.activeElement === document.body) region.current?.focus();
  });

  return {
    ref: region,
    tabIndex: -1,
    onFocus: ({ target }: FocusEvent) => {
      focused.current = target;
    },
    onBlur: ({ target }: FocusEvent) => {
      if (target.isConnected) focused.current = null;
    },
  };
}
