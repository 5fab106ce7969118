import { Suspense } from "react";
import { Audit } from "@/features/audit/audit";

export default function AuditPage() {
  return (
    <>
      <title>Audit log · Latchkey</title>
      <Suspense>
        <Audit />
      </Suspense>
    </>
  );
}
