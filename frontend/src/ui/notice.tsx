import type { ReactNode } from "react";

type Props = {
  kind: "info" | "error";
  /** How a screen reader is told: at once, or when it has finished. Unset inside a live region. */
  role?: "alert" | "status";
  title?: string;
  children: ReactNode;
  action?: ReactNode;
};

/** A message about the page as a whole, with one thing that the person can do about it. */
export function Notice({ kind, role, title, children, action }: Props) {
  return (
    <div className="notice" data-kind={kind} role={role}>
      <div>
        {title && <strong>{title}</strong>}
        {title ? <p>{children}</p> : children}
      </div>
      {action}
    </div>
  );
}
