"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Goes on to another page without leaving this one in the history. */
export function Forward({ to }: { to: string }) {
  const router = useRouter();
  useEffect(() => router.replace(to), [router, to]);
  return null;
}
