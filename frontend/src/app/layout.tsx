import { MARK_NOTED } from "latchkey-session";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "@fontsource-variable/hanken-grotesk";
import "./globals.css";

/** Without a title: each page has its own, which depends on whether somebody is signed in. */
export const metadata: Metadata = {
  description: "Sign in, and see your orders.",
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f6f2" },
    { media: "(prefers-color-scheme: dark)", color: "#111513" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script>{MARK_NOTED}</script>
      </head>
      <body>
        <noscript>
          <p className="noscript">
            Latchkey needs JavaScript. Allow it for this site in your browser’s settings, then
            reload this page.
          </p>
        </noscript>
        {children}
      </body>
    </html>
  );
}
