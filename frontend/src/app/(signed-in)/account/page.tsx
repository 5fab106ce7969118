import type { Metadata } from "next";
import { Address } from "@/features/account/address";
import { ChangeName } from "@/features/account/change-name";
import { ChangePassword } from "@/features/account/change-password";
import { DeleteAccount } from "@/features/account/delete-account";
import { Factors } from "@/features/account/factors";
import { Sessions } from "@/features/account/sessions";
import { ToHash } from "@/features/shell/to-hash";

export const metadata: Metadata = { title: "Account" };

export default function AccountPage() {
  return (
    <>
      <Sessions />
      <ChangePassword />
      <Factors />
      <ChangeName />
      <Address />
      <DeleteAccount />
      <ToHash />
    </>
  );
}
