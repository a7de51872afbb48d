/**
 * The shelf of scenarios. Adding one is its file and a line here; the conformance tests then cover it.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import { twoStep } from "./matrix/two_step.ts";
import { simpleAdversary } from "./mpe/simple_adversary_v3.ts";
import { simpleCrypto } from "./mpe/simple_crypto_v3.ts";
import { simplePush } from "./mpe/simple_push_v3.ts";
import { simpleReference } from "./mpe/simple_reference_v3.ts";
import { simpleSpeakerListener } from "./mpe/simple_speaker_listener_v4.ts";
import { simple } from "./mpe/simple_v3.ts";
import { simpleSpread } from "./mpe/simple_spread_v3.ts";
import { simpleTag } from "./mpe/simple_tag_v3.ts";
import { simpleWorldComm } from "./mpe/simple_world_comm_v3.ts";
import { crossing } from "./safe/crossing.ts";

export const scenarios: readonly Scenario[] = [
  crossing,
  simple,
  simpleAdversary,
  simpleCrypto,
  simplePush,
  simpleReference,
  simpleSpeakerListener,
  simpleSpread,
  simpleTag,
  simpleWorldComm,
  twoStep,
];
