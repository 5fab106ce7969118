/** The browser itself, for what its shell lacks. */
export const CHROMIUM = process.env.CHROMIUM_PATH || "/usr/bin/chromium";

/** The same engine without a browser around it, for half of the CPU time, where it is installed. */
export const SHELL = process.env.CHROMIUM_SHELL_PATH || CHROMIUM;
