import type { Metadata } from "next";
import { OpenLink } from "@/features/link/open-link";

export const metadata: Metadata = { title: "Set a new password · Latchkey" };

export default function LinkPage() {
  return (
    <main className="lone">
      <OpenLink />
    </main>
  );
}
