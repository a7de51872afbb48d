/**
 * Push: an agent knows which of two landmarks is its goal; an adversary, who does not, must keep it away. Random play
 * returns −2.1 to the adversary and −26.9 to the agent, scripted play 0.1 and −8.1.
 * Both sides learn with MAPPO, in a part of the updates against the other side's past. 200,000 environment steps, 5 seeds:
 * against the same frozen opponents, policies of the other side from 10 % of the training to its end, each side's last
 * policy returns more than the one it had after 25 %, intervals apart.
 */
import { learn } from "./frame/mod.ts";
import { bothSides } from "./frame/pool.ts";

learn("push", [bothSides("mpe/simple_push_v3", "adversary", "agent")]);
