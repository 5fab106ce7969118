import { Forward } from "@/ui/forward";
import { HOME } from "@/ui/pages";

export default function Home() {
  return <Forward to={HOME} />;
}
