/**
 * Returns the outline of a QR code's dark modules, for the `d` of an SVG path. A module is one unit
 * wide.
 *
 * @param rows Whether each module is dark, from the top left.
 */
export function qrPath(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
    .join("");
}
