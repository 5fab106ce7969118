import type { Role } from "@/api/types";

const NAMES: Record<Role, string> = { ADMIN: "Administrator", USER: "User" };

export const roleName = (role: Role): string => NAMES[role];
