"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { isOrder, isPageOf } from "@/api/bodies";
import { ask } from "@/api/failure";
import { authorized } from "@/session/authorized";
import { useIsRenewalFailing } from "@/session/state";
import { day, time } from "@/ui/instant";
import { Listing } from "@/ui/listing";
import { money, shortId, statusName } from "./format";

/** The signed-in person's own orders, newest first. */
export function Orders() {
  const orders = useInfiniteQuery({
    queryKey: ["orders"],
    queryFn: ({ pageParam, signal }) =>
      ask(
        authorized.GET("/api/orders", { params: { query: { cursor: pageParam } }, signal }),
        isPageOf(isOrder),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  return (
    <Listing
      pages={orders}
      isFailureShown={useIsRenewalFailing()}
      noun="orders"
      empty={{ title: "No orders yet", detail: "Once you order something, it shows up here." }}
      columns={["Order", "Status", "Total"]}
      row={(order) => (
        <>
          <th scope="row">
            {day(order.createdAt)}
            <small>
              <span className="time">{time(order.createdAt)} · </span>
              {shortId(order.id)}
            </small>
          </th>
          <td>
            <span className="status" data-status={order.status}>
              {statusName(order.status)}
            </span>
          </td>
          <td>{money(order)}</td>
        </>
      )}
    />
  );
}
