import type { ReactNode } from "react";
import { SignedIn } from "@/features/shell/signed-in";
import { SignIn } from "@/features/sign-in/sign-in";
import { SessionKeeper } from "./session-keeper";

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SessionKeeper />
      <SignedIn signIn={<SignIn />}>{children}</SignedIn>
    </>
  );
}
