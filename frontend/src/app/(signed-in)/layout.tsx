import type { ReactNode } from "react";
import { SignedIn } from "@/features/shell/signed-in";

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return <SignedIn>{children}</SignedIn>;
}
