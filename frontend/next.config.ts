import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js";

/** The address of the service that runs beside `next dev`. */
const SERVICE = process.env.LATCHKEY_URL ?? "http://127.0.0.1:8000";

/** One origin for the browser, as in production, so neither CORS nor other cookie rules apply. */
const development: NextConfig = {
  // /api/auth/login must reach the service without a trailing slash
  skipTrailingSlashRedirect: true,
  rewrites: async () => [{ source: "/api/:path*", destination: `${SERVICE}/api/:path*` }],
};

/** Plain files that the service itself serves, without Node at run time. */
const production: NextConfig = { output: "export" };

export default function config(phase: string): NextConfig {
  return {
    trailingSlash: true,
    reactStrictMode: true,
    poweredByHeader: false,
    ...(phase === PHASE_DEVELOPMENT_SERVER ? development : production),
  };
}
