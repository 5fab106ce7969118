/** What a browser has and tests replace: members of `globalThis`. */
export type Globals = { install: () => void; restore: () => void };

/** Replaces members of `globalThis` between `install` and `restore`. */
export function globals(members: Record<string, unknown>): Globals {
  const originals = Object.keys(members).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  return {
    install() {
      for (const [name, value] of Object.entries(members)) {
        Object.defineProperty(globalThis, name, { value, configurable: true });
      }
    },
    restore() {
      for (const [name, original] of originals) {
        if (original) Object.defineProperty(globalThis, name, original);
        else Reflect.deleteProperty(globalThis, name);
      }
    },
  };
}
