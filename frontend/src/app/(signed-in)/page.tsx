import { HOME } from "@/navigation/pages";
import { Redirect } from "@/navigation/redirect";

export default function Home() {
  return <Redirect to={HOME} />;
}
