import type { Metadata } from "next";
import { Orders } from "@/features/orders/orders";

export const metadata: Metadata = { title: "Orders" };

export default function OrdersPage() {
  return (
    <>
      <header className="heading">
        <h1>Orders</h1>
      </header>
      <Orders />
    </>
  );
}
