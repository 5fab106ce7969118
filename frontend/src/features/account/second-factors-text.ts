/** Few enough that the person should make new ones. */
const FEW = 3;

/** Tells how many recovery codes are left. */
export function codesLeft(count: number): string {
  if (count === 0) return "You have no recovery codes left. Make new ones.";
  const left = count === 1 ? "One recovery code is left." : `${count} recovery codes are left.`;
  return count <= FEW ? `${left} Make new ones soon.` : left;
}
