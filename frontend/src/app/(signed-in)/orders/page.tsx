import { Orders } from "@/features/orders/orders";

export default function OrdersPage() {
  return (
    <>
      <title>Orders · Latchkey</title>
      <header className="heading">
        <h1>Orders</h1>
      </header>
      <Orders />
    </>
  );
}
