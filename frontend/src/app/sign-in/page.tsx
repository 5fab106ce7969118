import type { Metadata } from "next";
import { SignIn } from "@/features/sign-in/sign-in";
import { Brand } from "@/ui/brand";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <main className="lone">
      <Brand />
      <SignIn />
    </main>
  );
}
