"use client";

import type { ManagedUser, Role } from "@/api/types";
import { roleName } from "@/ui/role-name";

/** Which users are listed; "" for all. */
export type Wanted = { role: "" | Role; status: "" | ManagedUser["status"] };

export const ALL: Wanted = { role: "", status: "" };

type Props = { wanted: Wanted; onChange: (wanted: Wanted) => void };

/** Two choices that leave only users with a role, and of a status. */
export function UserFilter({ wanted, onChange }: Props) {
  return (
    <>
      <Choice
        label="Role"
        name="role"
        value={wanted.role}
        options={{ "": "All roles", ADMIN: roleName("ADMIN"), USER: roleName("USER") }}
        onChange={(role) => onChange({ ...wanted, role })}
      />
      <Choice
        label="Status"
        name="status"
        value={wanted.status}
        options={{ "": "All", active: "Can sign in", disabled: "Disabled" }}
        onChange={(status) => onChange({ ...wanted, status })}
      />
    </>
  );
}

type ChoiceProps<Value extends string> = {
  label: string;
  name: string;
  value: Value;
  options: Record<Value, string>;
  onChange: (value: Value) => void;
};

function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, name, value, options, onChange } = props;
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <div className="input">
        <select id={name} value={value} onChange={(event) => onChange(event.target.value as Value)}>
          {Object.entries<string>(options).map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
