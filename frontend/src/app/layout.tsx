import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "@fontsource-variable/hanken-grotesk";
import "./globals.css";
import { SessionKeeper } from "./session-keeper";

export const metadata: Metadata = {
  title: { template: "%s · Latchkey", default: "Latchkey" },
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
    <html lang="en">
      <body>
        <SessionKeeper />
        {children}
        <noscript>
          <p className="noscript">Latchkey needs JavaScript to sign you in.</p>
        </noscript>
      </body>
    </html>
  );
}
