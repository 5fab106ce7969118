import type { ReactNode } from "react";
import { SignedIn } from "@/ui/signed-in";

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return <SignedIn>{children}</SignedIn>;
}
