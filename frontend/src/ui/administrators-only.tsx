import type { ReactNode } from "react";
import { Empty } from "./empty";
import { ADMINISTRATORS_ONLY } from "./explain";

type Props = { title: string; isAdministrator: boolean; children: ReactNode };

/** Shows a page to administrators, and tells everybody else that it is not for them. */
export function AdministratorsOnly({ title, isAdministrator, children }: Props) {
  if (isAdministrator) return children;
  return (
    <>
      <header className="heading">
        <h1>{title}</h1>
      </header>
      <Empty {...ADMINISTRATORS_ONLY} />
    </>
  );
}
