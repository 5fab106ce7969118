/** The browser itself, for what its shell lacks. */
export const CHROMIUM = process.env.CHROMIUM_PATH || "/usr/bin/chromium";

/** The same engine without a browser around it, where it is installed: it takes less CPU time. */
export const SHELL = process.env.CHROMIUM_SHELL_PATH || CHROMIUM;
