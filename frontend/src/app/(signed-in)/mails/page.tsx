import { Mails } from "@/features/mails/mails";

export default function MailsPage() {
  return (
    <>
      <title>Mails · Latchkey</title>
      <Mails />
    </>
  );
}
