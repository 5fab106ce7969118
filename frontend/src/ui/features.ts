"use client";

import { isFailure } from "latchkey-session";
import { useEffect, useState } from "react";
import { anonymous } from "@/api/anonymous";
import { isFeatures } from "@/api/bodies";
import { ask } from "@/api/failure";
import type { Features } from "@/api/types";

const TIMEOUT = 30_000; // milliseconds

/**
 * Returns what the service offers; null until it is known, and if it cannot be found out: then the
 * page does without.
 */
export function useFeatures(): Features | null {
  const [features, setFeatures] = useState<Features | null>(null);
  useEffect(() => {
    let isGone = false;
    read().then((found) => {
      if (!isGone) setFeatures(found);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return features;
}

async function read(): Promise<Features | null> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    return await ask(anonymous.GET("/api/auth/features", { signal }), isFeatures);
  } catch (failure) {
    if (!isFailure(failure)) throw failure;
    return null;
  }
}
