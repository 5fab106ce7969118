"use client";

import { type InputHTMLAttributes, useId, useState } from "react";

type Props = InputHTMLAttributes<HTMLInputElement> & {
  label: string;
  hint?: string;
  fault?: string | undefined;
};

/** A labelled input, with what helps to fill it and what is wrong with it read out together. */
export function Field({ label, hint, fault, type = "text", ...input }: Props) {
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
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault || hint ? `${id}-more` : undefined}
        />
        {isPassword && (
          <button type="button" aria-pressed={isShown} onClick={() => setIsShown(!isShown)}>
            Show<span className="visually-hidden"> password</span>
          </button>
        )}
      </div>
      {(fault || hint) && (
        <p id={`${id}-more`} className={fault ? "fault" : "hint"}>
          {fault ?? hint}
        </p>
      )}
    </div>
  );
}
