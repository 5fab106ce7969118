import { Users } from "@/features/users/users";

export default function UsersPage() {
  return (
    <>
      <title>Users · Latchkey</title>
      <Users />
    </>
  );
}
