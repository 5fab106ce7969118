import type { Metadata } from "next";
import { ChangePassword } from "@/features/account/change-password";
import { Sessions } from "@/features/account/sessions";

export const metadata: Metadata = { title: "Account" };

export default function AccountPage() {
  return (
    <>
      <Sessions />
      <ChangePassword />
    </>
  );
}
