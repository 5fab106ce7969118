/** Returns a text in groups of four characters, which are easier to type. */
export const inGroups = (text: string): string => text.match(/.{1,4}/g)?.join(" ") ?? "";
