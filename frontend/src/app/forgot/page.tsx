import type { Metadata } from "next";
import { Forgot } from "@/features/password/forgot";

export const metadata: Metadata = { title: "Forgot password · Latchkey" };

export default function ForgotPage() {
  return (
    <main className="lone">
      <Forgot />
    </main>
  );
}
