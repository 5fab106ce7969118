/**
 * Returns a table's value for a key that came from the service.
 *
 * The type of the table makes it complete for the OpenAPI document that these pages were built
 * with. A newer service may send a key that the table doesn't have: then the result is undefined.
 */
export function lookup<Key extends string, Value>(
  table: Readonly<Record<Key, Value>>,
  key: string | undefined,
): Value | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key as Key] : undefined;
}
