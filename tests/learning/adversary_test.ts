/**
 * Physical deception: two agents know which landmark counts and gather there; an adversary, who does not, must guess it
 * from what they do. Random play returns −28.2 to the adversary and 7.6 to an agent, scripted play −15.8 and 10.3.
 * Both sides learn with MAPPO, in a part of the updates against the other side's past. 200,000 environment steps, 5 seeds:
 * against the same frozen opponents, policies of the other side from 10 % of the training to its end, each side's last
 * policy returns more than the one it had after 25 %, intervals apart.
 */
import { learn } from "./frame/mod.ts";
import { bothSides } from "./frame/pool.ts";

learn("adversary", [bothSides("mpe/simple_adversary_v3", "adversary", "agent")]);
