import type { Metadata } from "next";
import { Register } from "@/features/registration/register";

export const metadata: Metadata = { title: "Create an account · Latchkey" };

export default function RegisterPage() {
  return (
    <main className="lone">
      <Register />
    </main>
  );
}
