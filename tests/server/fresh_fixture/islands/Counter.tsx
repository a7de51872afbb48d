import { useSignal } from "@preact/signals";

interface Props {
  readonly start: number;
  readonly label?: string;
}

export default function Counter({ start, label = "more" }: Props) {
  const count = useSignal(start);
  return (
    <button type="button" onClick={() => count.value++}>
      {label} {count}
    </button>
  );
}

/** An island inside an island: only the outer one is marked. */
export function Twice({ start }: Props) {
  return (
    <div>
      <Counter start={start} />
      <Counter start={2 * start} />
    </div>
  );
}

export const notAnIsland = 1;
