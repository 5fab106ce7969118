import type { Metadata } from "next";
import { Brand } from "@/ui/brand";
import { SignIn } from "@/ui/sign-in";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <main className="lone">
      <Brand />
      <SignIn />
    </main>
  );
}
