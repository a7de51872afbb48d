import { asset } from "fresh/runtime";
import Counter, { Twice } from "../islands/Counter.tsx";

export default function Home() {
  return (
    <main>
      <link rel="stylesheet" href={asset("/site.css")} />
      <Counter label="</script><script>alert(1)</script>" start={3} />
      <Twice start={1} />
    </main>
  );
}
