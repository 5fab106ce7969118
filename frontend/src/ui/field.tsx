"use client";

import { type InputHTMLAttributes, useId, useState } from "react";

type Props = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  hint?: string;
  error?: string | undefined;
};

/** A labelled input. Its hint, or what is wrong with it, is read out with the label. */
export function Field({ label, hint, error, type = "text", ...input }: Props) {
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  const isPassword = type === "password";
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input">
        <input
          {...input}
          id={id}
          type={isShown ? "text" : type}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-more` : undefined}
        />
        {isPassword && (
          <button type="button" aria-pressed={isShown} onClick={() => setIsShown(!isShown)}>
            Show<span className="visually-hidden"> password</span>
          </button>
        )}
      </div>
      {(error || hint) && (
        <p id={`${id}-more`} className={error ? "field-error" : "hint"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
