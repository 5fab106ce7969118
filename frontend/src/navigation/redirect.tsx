"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Opens another page and leaves this one out of the history. */
export function Redirect({ to }: { to: string }) {
  const router = useRouter();
  useEffect(() => router.replace(to), [router, to]);
  return null;
}
