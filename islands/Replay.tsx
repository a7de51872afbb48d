/**
 * Plays a replay by simulating it again in the page, and checks every step against what was recorded.
 *
 * @module
 */
import { useEffect, useMemo } from "preact/hooks";
import { Facts } from "./replay/Facts.tsx";
import { press } from "./replay/keys.ts";
import { type Session, session } from "./replay/session.ts";
import { Stage } from "./replay/Stage.tsx";
import { BrokenLimits, Standings } from "./replay/Standings.tsx";
import { episodeAt } from "./replay/survey.ts";
import { TimeLine } from "./replay/TimeLine.tsx";
import { Transport } from "./replay/Transport.tsx";
import { VerdictBadge } from "./replay/Verdict.tsx";

interface Props {
  /** Where the file's bytes are. */
  readonly url: string;
  /** Steps of the replay, as the store knows them. */
  readonly steps: number;
  /** Where the run's own scenario is, as a module; it is on the shelf if not given. */
  readonly scenario?: string;
}

export default function Replay({ url, steps, scenario }: Props) {
  const state = useMemo(session, []);

  useEffect(() => {
    const abort = new AbortController();
    void state.open(url, scenario, abort.signal);
    const onKey = (event: KeyboardEvent) => {
      if (press(event, state)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      abort.abort();
      document.removeEventListener("keydown", onKey);
    };
  }, [url, scenario]);

  return (
    <div class="replay">
      <div class="replay-main card">
        <div class="stage-head">
          <Place session={state} steps={steps} />
          <Caption session={state} />
        </div>
        <Stage session={state} />
        <TimeLine session={state} steps={state.replay.value?.header.steps ?? steps} />
        <Transport session={state} />
      </div>
      <aside class="replay-side">
        <VerdictBadge session={state} />
        <Standings session={state} />
        <BrokenLimits session={state} />
        <Facts session={state} />
      </aside>
    </div>
  );
}

/** Episode and step, above the picture: upon it they would cover a corner. */
function Place({ session, steps }: { session: Session; steps: number }) {
  const survey = session.survey.value;
  const t = session.t.value;
  if (survey === undefined) return <p class="place">step {t} of {steps}</p>;
  const episode = episodeAt(survey, t - 1);
  const { start, length } = survey.episodes[episode]!;
  return (
    <p class="place">
      Episode {episode + 1} <span class="of">of {survey.episodes.length}</span>
      <span class="place-step">
        step {t - start} <span class="of">of {length}</span>
      </span>
    </p>
  );
}

/** What the scenario says about the moment, for worlds without geometry. */
function Caption({ session }: { session: Session }) {
  session.t.value;
  session.replay.value;
  const caption = session.film()?.current.caption ?? "";
  return caption === "" ? null : <p class="stage-caption">{caption}</p>;
}
