import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js";

/** Where the service listens while `next dev` runs beside it. */
const SERVICE = process.env.LATCHKEY_URL ?? "http://127.0.0.1:8000";

/** The browser sees one origin here as in production, so no CORS and no other cookie rules. */
const development: NextConfig = {
  // /api/auth/login must reach the service as it is
  skipTrailingSlashRedirect: true,
  rewrites: async () => [{ source: "/api/:path*", destination: `${SERVICE}/api/:path*` }],
};

/** Plain files, which the service itself serves: no Node at run time. */
const production: NextConfig = { output: "export" };

export default function config(phase: string): NextConfig {
  return {
    trailingSlash: true,
    reactStrictMode: true,
    poweredByHeader: false,
    ...(phase === PHASE_DEVELOPMENT_SERVER ? development : production),
  };
}
