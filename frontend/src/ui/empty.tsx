type Props = { title: string; detail: string };

/** Stands where content would be, and says why there is none. */
export function Empty({ title, detail }: Props) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      <p>{detail}</p>
    </div>
  );
}
