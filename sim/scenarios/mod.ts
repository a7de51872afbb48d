/**
 * The shelf of scenarios. Adding one is its file and a line here; the conformance tests then cover it.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import { duel } from "./battle/duel.ts";
import { skirmish } from "./battle/skirmish.ts";
import { connectFour } from "./classic/connect_four_v3.ts";
import { leducHoldem } from "./classic/leduc_holdem_v4.ts";
import { rockPaperScissors } from "./classic/rps_v2.ts";
import { ticTacToe } from "./classic/tictactoe_v3.ts";
import { acrobot } from "./control/acrobot_v1.ts";
import { cartpoleDanger } from "./control/cartpole_danger.ts";
import { cartpole } from "./control/cartpole_v1.ts";
import { lunarLander } from "./control/lunar_lander_v3.ts";
import { mountainCarContinuous } from "./control/mountain_car_continuous_v0.ts";
import { mountainCar } from "./control/mountain_car_v0.ts";
import { pendulum } from "./control/pendulum_v1.ts";
import { intersection } from "./driving/intersection.ts";
import { cooperativeGoals } from "./grid/cooperative_goals.ts";
import { foraging } from "./grid/foraging.ts";
import { warehouse } from "./grid/warehouse.ts";
import { bandit } from "./matrix/bandit.ts";
import { capacity } from "./matrix/capacity.ts";
import { climbing } from "./matrix/climbing.ts";
import { iterated } from "./matrix/iterated.ts";
import { penalty } from "./matrix/penalty.ts";
import { twoByTwo } from "./matrix/two_by_two.ts";
import { twoStep } from "./matrix/two_step.ts";
import { collectTreasure } from "./mpe/collect_treasure_v1.ts";
import { simpleAdversary } from "./mpe/simple_adversary_v3.ts";
import { simpleCrypto } from "./mpe/simple_crypto_v3.ts";
import { simplePush } from "./mpe/simple_push_v3.ts";
import { simpleReference } from "./mpe/simple_reference_v3.ts";
import { simpleSpeakerListener } from "./mpe/simple_speaker_listener_v4.ts";
import { simpleFormation } from "./mpe/simple_formation_v1.ts";
import { simpleLine } from "./mpe/simple_line_v1.ts";
import { simple } from "./mpe/simple_v3.ts";
import { simpleSpread } from "./mpe/simple_spread_v3.ts";
import { simpleTag } from "./mpe/simple_tag_v3.ts";
import { simpleWorldComm } from "./mpe/simple_world_comm_v3.ts";
import { swarm } from "./particles/swarm.ts";
import { cooling } from "./safe/cooling.ts";
import { coolingZones } from "./safe/cooling_zones.ts";
import { crossing } from "./safe/crossing.ts";
import { dosage } from "./safe/dosage.ts";
import { dosageContinuous } from "./safe/dosage_continuous.ts";
import { hazardGrid } from "./safe/hazard_grid.ts";
import { merge } from "./safe/merge.ts";
import { portfolio } from "./safe/portfolio.ts";
import { power } from "./safe/power.ts";
import { powerGrid } from "./safe/power_grid.ts";
import { robotSwap } from "./safe/robot_swap.ts";
import { routing } from "./safe/routing.ts";
import { routingNetwork } from "./safe/routing_network.ts";
import { preference } from "./text/preference.ts";

export const scenarios: readonly Scenario[] = [
  acrobot,
  bandit,
  capacity,
  cartpole,
  cartpoleDanger,
  climbing,
  connectFour,
  cooling,
  coolingZones,
  cooperativeGoals,
  crossing,
  dosage,
  dosageContinuous,
  duel,
  foraging,
  hazardGrid,
  intersection,
  iterated,
  leducHoldem,
  lunarLander,
  merge,
  mountainCar,
  mountainCarContinuous,
  penalty,
  pendulum,
  collectTreasure,
  portfolio,
  preference,
  power,
  powerGrid,
  robotSwap,
  rockPaperScissors,
  routing,
  routingNetwork,
  simple,
  simpleAdversary,
  simpleCrypto,
  simpleFormation,
  simpleLine,
  simplePush,
  simpleReference,
  simpleSpeakerListener,
  simpleSpread,
  simpleTag,
  simpleWorldComm,
  skirmish,
  swarm,
  ticTacToe,
  twoByTwo,
  twoStep,
  warehouse,
];
