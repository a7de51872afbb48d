/**
 * How each limit stands at the current step, and the list of those that broke.
 *
 * @module
 */
import { useComputed } from "@preact/signals";
import { compact, limitText, plural } from "../parts/format.ts";
import { Gauge } from "../parts/Gauge.tsx";
import { reading } from "../parts/reading.ts";
import type { Session } from "./session.ts";
import type { Survey, Track, Violation } from "./survey.ts";

/** More broken limits than this are counted, not listed. */
const LISTED = 40;

export function Standings({ session }: { session: Session }) {
  const survey = session.survey.value;
  if (survey === undefined) return null;
  const scopes = new Map(session.replay.value?.header.channels.map(({ name, scope }) => [name, scope]));
  return (
    <section class="card standings" aria-label="Costs at this step">
      <h2>Costs so far</h2>
      {survey.tracks.length === 0 && <p class="caption">This scenario has no cost channels.</p>}
      <ul>
        {survey.tracks.map((track) => (
          <Line
            key={track.channel}
            track={track}
            scope={scopes.get(track.channel) ?? "team"}
            t={session.t.value}
          />
        ))}
      </ul>
    </section>
  );
}

function Line({ track, scope, t }: { track: Track; scope: "agent" | "pair" | "group" | "team"; t: number }) {
  const spent = t === 0 ? 0 : track.spent[t - 1]!;
  if (track.allowance === undefined || track.limit === undefined) {
    return (
      <li>
        <span>{track.channel}</span>
        <span class="limit-value">{compact(spent)}</span>
        <span class="caption">no limit</span>
      </li>
    );
  }
  const { epsilon, ...limit } = track.limit;
  const now = reading(spent, track.allowance);
  return (
    <li>
      <span>{track.channel}</span>
      <span class={`limit-value ${now.standing}`}>
        {compact(spent)} <span class="of">/ {compact(track.allowance)}</span>
      </span>
      <Gauge reading={now} label={`Cost ${track.channel} so far`} />
      <span class="caption">
        {limitText({ ...limit, scope, ...(epsilon === undefined ? {} : { epsilon }) })}
      </span>
    </li>
  );
}

export function BrokenLimits({ session }: { session: Session }) {
  const survey = session.survey.value;
  if (survey === undefined) return null;
  const { firsts, tracks } = survey;
  if (tracks.every(({ allowance }) => allowance === undefined)) return null;
  return (
    <section class="card broken" aria-label="Broken limits">
      <header>
        <h2>Broken limits</h2>
        <span class="caption">{summary(survey, firsts.length)}</span>
      </header>
      <button
        type="button"
        class="button button-bad"
        disabled={firsts.length === 0}
        onClick={() => session.show(firsts[0]!)}
      >
        {firsts.length === 0 ? "No limit was broken" : "Jump to the first"}
      </button>
      <ol>
        {firsts.slice(0, LISTED).map((violation) => (
          <Row
            key={`${violation.t} ${violation.channel}`}
            violation={violation}
            survey={survey}
            session={session}
          />
        ))}
      </ol>
      {firsts.length > LISTED && <p class="caption">and {plural(firsts.length - LISTED, "more", "more")}</p>}
    </section>
  );
}

function Row({ violation, survey, session }: { violation: Violation; survey: Survey; session: Session }) {
  const { t, channel, episode } = violation;
  const here = useComputed(() => session.t.value === t + 1).value;
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={here ? "step" : undefined}
        onClick={() => session.show(violation)}
      >
        <span>Episode {episode + 1}</span>
        <span>{channel}</span>
        <span class="num">step {t + 1 - survey.episodes[episode]!.start}</span>
      </button>
    </li>
  );
}

function summary({ episodes }: Survey, broken: number): string {
  if (broken === 0) return `in ${plural(episodes.length, "episode")}`;
  const hit = episodes.filter(({ firstViolation }) => firstViolation >= 0).length;
  return `${hit} of ${plural(episodes.length, "episode")}`;
}
