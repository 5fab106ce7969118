import type { Metadata } from "next";
import { Sessions } from "@/features/account/sessions";

export const metadata: Metadata = { title: "Account" };

export default function AccountPage() {
  return <Sessions />;
}
