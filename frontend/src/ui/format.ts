import type { Order, Role } from "@/api/types";

// Numbers and dates are written as the person's browser is set; words are English.

/** Money as people write it: 123456 hundredths of EUR is €1,234.56, or 1.234,56 €. */
export function money({ totalCents, currency }: Pick<Order, "totalCents" | "currency">): string {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(totalCents / 100);
}

const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const times = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** The day of an RFC 3339 instant, in the person's own time zone. */
export const day = (at: string): string => days.format(new Date(at));

/** The time of that day. */
export const time = (at: string): string => times.format(new Date(at));

/** The part of an identifier that people can compare at a glance: its random end. */
export const shortId = (id: string): string => id.slice(-8).toUpperCase();

const STATUSES: Record<Order["status"], string> = {
  pending: "Pending",
  paid: "Paid",
  shipped: "Shipped",
  delivered: "Delivered",
  cancelled: "Cancelled",
};

export const statusName = (status: Order["status"]): string => STATUSES[status];

export const roleName = (role: Role): string => (role === "ADMIN" ? "Administrator" : "User");
