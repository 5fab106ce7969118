"use client";

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { isFailure } from "latchkey-session";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Empty } from "./empty";
import { FailureNotice } from "./failure-notice";
import { useKeptFocus } from "./kept-focus";
import { useRetry } from "./retrying";

type Page<Item> = { items: Item[]; nextCursor: string | null };

type Props<Item> = {
  pages: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  noun: string;
  empty: { title: string; detail: string };
  /** Whether the top of the page already shows why the service cannot be reached. */
  isFailureShown: boolean;
  columns: string[];
  row: (item: Item) => ReactNode;
};

/** A list that grows page by page: loading, failed, empty and filled. */
export function Listing<Item extends { id: string }>(props: Props<Item>) {
  const { pages, noun, empty, isFailureShown } = props;
  const retry = useRetry();
  const kept = useKeptFocus();
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const failure = pages.error ?? pages.failureReason;
  const isOfMore = pages.isFetchingNextPage || pages.isFetchNextPageError;
  const notice = isFailure(failure) && <FailureNotice failure={failure} onRetry={retry} />;
  return (
    <section {...kept} aria-busy={pages.isFetching} aria-label={`List of ${noun}`}>
      {!isOfMore && !isFailureShown && notice}
      {pages.isPending && !pages.isError && <Skeleton noun={noun} />}
      {pages.isSuccess && items.length === 0 && !pages.hasNextPage && <Empty {...empty} />}
      {pages.isSuccess && items.length === 0 && pages.hasNextPage && <Further {...props} />}
      {items.length > 0 && <Rows {...props} items={items} notice={isOfMore && notice} />}
    </section>
  );
}

/** A page without rows that is not the last: a filter has left none of the newest. */
function Further<Item>({ pages, noun }: Props<Item>) {
  return (
    <footer className="more">
      <p role="status">None of the newest {noun}.</p>
      <button
        type="button"
        className="quiet-button"
        aria-disabled={pages.isFetchingNextPage}
        onClick={() => void pages.fetchNextPage()}
      >
        Look further
      </button>
    </footer>
  );
}

type RowsProps<Item> = Props<Item> & { items: Item[]; notice: ReactNode };

function Rows<Item extends { id: string }>(props: RowsProps<Item>) {
  const { pages, noun, columns, row, items, notice } = props;
  const [resumeAt, setResumeAt] = useState(-1);
  const resumed = useRef<HTMLTableRowElement>(null);

  // the focus moves to the first of the rows that "Show more" added, however often it was tried
  const hasMore = items.length > resumeAt;
  useEffect(() => {
    if (resumeAt >= 0 && hasMore) resumed.current?.focus();
  }, [resumeAt, hasMore]);

  function showMore() {
    if (pages.isFetchingNextPage) return;
    setResumeAt(items.length);
    void pages.fetchNextPage();
  }

  return (
    <>
      <table>
        <caption className="visually-hidden">{noun}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={item.id} {...(index === resumeAt && { ref: resumed, tabIndex: -1 })}>
              {row(item)}
            </tr>
          ))}
        </tbody>
      </table>
      {notice}
      <footer className="more">
        <p role="status">{shown(items.length, noun, pages.hasNextPage)}</p>
        {pages.hasNextPage && (
          <button
            type="button"
            className="quiet-button"
            aria-disabled={pages.isFetchingNextPage}
            onClick={showMore}
          >
            Show more
          </button>
        )}
      </footer>
    </>
  );
}

function shown(count: number, noun: string, hasMore: boolean): string {
  const number = new Intl.NumberFormat().format(count);
  if (hasMore) return `The newest ${number} ${noun} are shown.`;
  return count === 1 ? `There are no other ${noun}.` : `All ${number} ${noun} are shown.`;
}

function Skeleton({ noun }: { noun: string }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{`Loading ${noun}`}</span>
      {[1, 2, 3, 4, 5].map((line) => (
        <span key={line} aria-hidden="true" />
      ))}
    </div>
  );
}
