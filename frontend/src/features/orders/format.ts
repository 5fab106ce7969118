import type { Order, OrderStatus } from "@/api/types";

/** Formats an amount: 123456 hundredths of EUR are €1,234.56, or 1.234,56 € in German. */
export function money({ totalCents, currency }: Pick<Order, "totalCents" | "currency">): string {
  return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(totalCents / 100);
}

/** Returns the end of an identifier, which is random and short enough to compare at a glance. */
export const shortId = (id: string): string => id.slice(-8).toUpperCase();

const STATUSES: Record<OrderStatus, string> = {
  pending: "Pending",
  paid: "Paid",
  shipped: "Shipped",
  delivered: "Delivered",
  cancelled: "Cancelled",
};

export const statusName = (status: OrderStatus): string => STATUSES[status];
