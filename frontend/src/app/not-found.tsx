import type { Metadata } from "next";
import Link from "next/link";
import { HOME } from "@/navigation/pages";
import { Brand } from "@/ui/brand";

export const metadata: Metadata = { title: "Page not found · Latchkey" };

export default function NotFound() {
  return (
    <main className="lone">
      <Brand />
      <h1>Page not found</h1>
      <p className="quiet">Nothing opens with this address. It may be mistyped, or out of date.</p>
      <Link className="button" href={HOME}>
        Go to your orders
      </Link>
    </main>
  );
}
