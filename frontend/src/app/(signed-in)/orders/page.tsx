import type { Metadata } from "next";
import { Orders } from "@/ui/orders";

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
